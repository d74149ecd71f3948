"""Writes one probe of an lbprobe experiment where the test rows are: in the rerun of a code competition.

A probe is a submission that is made to be read, not to win. This script finds the competition's test file and the data set of the
experiment, has embed.py embed the texts where the experiment has such a script, and lets the lbprobe binary of the data set give every
row its topic and write submission.csv. It needs Python's standard library, numpy where embed.py is there, and what embed.py imports. It
uses no network. It writes the data of rows to submission.csv and to nothing else that stays, and prints sums only.

Whatever goes wrong, a valid submission is written, with one constant prediction whose score tells the fault: `lbprobe rerun` does that
where it can be started; where it can't, every row gets the same chance for every class, which scores ln(number of classes).

By hand, anywhere: python3 probe.py --test FILE --dataset DIR --probe N --scores 1=1.099 --output FILE [--embeddings FILE.npy]
"""
import argparse
import contextlib
import csv
import hashlib
import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time

# The probe to write, and the scores of those before it as the board shows them: the one line that changes from probe to probe.
PROBE, SCORES = 1, {}
# The experiment, its competition on Kaggle, and the SHA-256 of the manifest.json that the probes are made for.
EXPERIMENT, COMPETITION, MANIFEST = "", "", ""

LIMIT = 8.5 * 3600  # seconds: Kaggle stops a notebook after nine hours
RESERVE = 600  # seconds of them for what comes after embed.py
STARTED = time.monotonic()


class Fault(Exception):
    """What keeps a probe from being written. The name is one that `lbprobe rerun --fault` knows."""

    def __init__(self, name, detail):
        super().__init__(f"{name}: {detail}")
        self.name = name


# How the process that runs embed.py ends: an exit status a fault. One that is killed has most likely used up the memory.
EXITS = {3: "model missing", 4: "memory", -9: "memory", 137: "memory"}


def main(argv=None):
    flags = parse(argv)
    if flags.encode:
        return encode(flags)
    try:
        write_probe(flags)
    except Exception as e:  # the submission must be written, whatever it was
        say(f"lbprobe cannot write the probe: {type(e).__name__}: {e}")
        write_uniform(flags)
    return 0


def parse(argv):
    p = argparse.ArgumentParser(description="Write one probe of an lbprobe experiment.")
    p.add_argument("--input", default="/kaggle/input", help="folder to find test file and data set in")
    p.add_argument("--test", help="test file; found under --input if left out")
    p.add_argument("--dataset", help="folder of the experiment's data set; found under --input if left out")
    p.add_argument("--output", default="submission.csv")
    p.add_argument("--probe", type=int, default=PROBE)
    p.add_argument("--scores", default=",".join(f"{n}={SCORES[n]}" for n in sorted(SCORES)), help="such as 1=1.099,2=4.123")
    p.add_argument("--embeddings", help=".npy with a vector a test row, in place of what embed.py would make")
    p.add_argument("--encode", metavar="FOLDER", help="only embed the texts of standard input, JSON strings line by line, into FOLDER/vectors.npy")
    p.add_argument("--script", help="for --encode: the file that defines encode(texts)")
    p.add_argument("--reference", type=int, default=0, help="for --encode: so many of the texts come first, into reference.npy")
    if argv is None and "ipykernel" in sys.modules:
        argv = []  # run as a cell, where the arguments are those of somebody else
    return p.parse_args(argv)


def say(text):
    print(text, file=sys.stderr, flush=True)


def left():
    """Seconds that remain."""
    return LIMIT - (time.monotonic() - STARTED)


# The parts of a rerun.


def write_probe(flags):
    dataset, test = find_dataset(flags), find_test(flags)
    with workshop(flags.output) as shop:
        rerun = [take_binary(dataset, shop), "rerun", "--test", test, "--dataset", dataset]
        order = ["--probe", str(flags.probe), "--scores", flags.scores, "--output", flags.output]
        try:
            order += embed(flags, rerun, dataset, shop)
        except Fault as fault:
            say(str(fault))
            order += ["--fault", fault.name]
        subprocess.run(rerun + order, check=True, timeout=max(left(), 60))


def find_dataset(flags):
    """The folder whose manifest.json is the one that the probes are made for."""
    places = [flags.dataset] if flags.dataset else [d for d, _, names in os.walk(flags.input) if "manifest.json" in names]
    for place in places:
        with contextlib.suppress(OSError):
            with open(os.path.join(place, "manifest.json"), "rb") as f:
                if not MANIFEST or hashlib.sha256(f.read()).hexdigest() == MANIFEST:
                    return place
    raise Fault("damaged bundle", f"none of the {len(places)} data sets here is the one of {EXPERIMENT}, manifest {MANIFEST[:8]}")


def find_test(flags, name="test.csv"):
    """A file of the competition: the one in its folder, or the only one of that name."""
    if flags.test and name == "test.csv":
        return flags.test
    found = [os.path.join(d, name) for d, _, names in os.walk(flags.input) if name in names]
    ours = [path for path in found if COMPETITION and os.path.basename(os.path.dirname(path)) == COMPETITION]
    if len(ours or found) != 1:
        raise Fault("other", f"{len(found)} files {name} under {flags.input}")
    return (ours or found)[0]


@contextlib.contextmanager
def workshop(output):
    """A folder of our own beside the output, gone afterwards: inputs are read-only and have lost their run bit."""
    shop = tempfile.mkdtemp(prefix=".lbprobe-", dir=os.path.dirname(os.path.abspath(output)))
    try:
        yield shop
    finally:
        shutil.rmtree(shop, ignore_errors=True)


def take_binary(dataset, shop):
    path = os.path.join(shop, "lbprobe")
    shutil.copyfile(os.path.join(dataset, "lbprobe"), path)
    os.chmod(path, stat.S_IRWXU)
    subprocess.run([path, "--version"], check=True, timeout=60, stdout=subprocess.DEVNULL)
    return path


def embed(flags, rerun, dataset, shop):
    """What tells `lbprobe rerun` where the vectors are; nothing where it embeds by itself."""
    script = os.path.join(dataset, "embed.py")
    if flags.embeddings:
        return ["--embeddings", flags.embeddings]
    if not os.path.exists(script):
        return []
    with open(os.path.join(dataset, "manifest.json"), "rb") as f:
        first = json.load(f)["reference"]
    texts = subprocess.run(rerun + ["--texts"], stdout=subprocess.PIPE, timeout=max(left(), 60))
    if texts.returncode:
        return []  # `lbprobe rerun` will meet the same fault and name it
    driver = os.path.join(dataset, "probe.py")  # this very script, as it was generated: where it is run as a cell it has no file of its own
    child = [sys.executable, driver, "--encode", shop, "--script", script, "--reference", str(first)]
    try:
        status = subprocess.run(child, input=texts.stdout, timeout=max(left() - RESERVE, 1)).returncode
    except subprocess.TimeoutExpired:
        raise Fault("other", "embed.py takes too long") from None
    if status:
        raise Fault(EXITS.get(status, "other"), f"embed.py ended with status {status}")
    return ["--reference", os.path.join(shop, "reference.npy"), "--embeddings", os.path.join(shop, "vectors.npy")]


# The process that runs embed.py. It is one of its own so that it may fail in any way.


def encode(flags):
    """Embeds the texts of standard input, the reference first."""
    sys.dont_write_bytecode = True
    texts = [json.loads(line) for line in sys.stdin.buffer]
    try:
        import numpy as np

        sys.path.insert(0, os.path.dirname(os.path.abspath(flags.script)))
        spec = importlib.util.spec_from_file_location("embed", flags.script)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, part in (("reference.npy", texts[: flags.reference]), ("vectors.npy", texts[flags.reference :])):
            if not part:
                continue
            x = np.asarray(module.encode(part), dtype=np.float32)
            if x.ndim != 2 or len(x) != len(part):
                say(f"encode: {len(part)} texts gave an array of shape {x.shape}; there must be one row a text")
                return 5
            np.save(os.path.join(flags.encode, name), np.ascontiguousarray(x))
    except MemoryError:
        say("encode: out of memory")
        return 4
    except (ImportError, FileNotFoundError) as e:
        say(f"encode: {type(e).__name__}: {e}")
        return 3
    return 0


# What is left where lbprobe can't run.


def write_uniform(flags):
    """The same chance for every class and row."""
    ids, id_column, columns = layout(flags)
    line = ["%.17g" % (1 / max(2, len(columns)))] * len(columns)  # a single column holds the chance of one of two classes
    passing = flags.output + ".tmp"
    with open(passing, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow([id_column] + columns)
        out.writerows([i] + line for i in ids)
    os.replace(passing, flags.output)
    say(f"{flags.output}: {len(ids)} rows, all alike")


def layout(flags):
    """The ids of the test rows, and the columns of a submission: of the manifest, else of sample_submission.csv."""
    sample = []
    with contextlib.suppress(Fault, OSError):
        sample = read_csv(find_test(flags, "sample_submission.csv"))
    try:
        with open(os.path.join(find_dataset(flags), "manifest.json"), encoding="utf-8") as f:
            manifest = json.load(f)
        id_column, columns = manifest["id"], manifest["classes"]
    except (Fault, OSError, ValueError, KeyError):
        if not sample:
            raise
        id_column, columns = sample[0][0], sample[0][1:]
    with contextlib.suppress(Fault, OSError, ValueError, IndexError):
        test = read_csv(find_test(flags))
        at = test[0].index(id_column)
        ids = [row[at] for row in test[1:]]
        if all(ids) and len(set(ids)) == len(ids):
            return ids, id_column, columns
    return [row[0] for row in sample[1:]], id_column, columns


def read_csv(path):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as f:
        return [row for row in csv.reader(f) if row]


if __name__ == "__main__":
    status = main()
    if status:  # to exit in any other case would be an error where this is run as a cell
        sys.exit(status)
