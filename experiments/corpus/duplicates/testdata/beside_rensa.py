#!/usr/bin/env python3
"""beside_rensa.py TEST PEER PROMPTS ROUNDS: near duplicates at a similarity of 0.7 by BenchmarkPairs of the test binary TEST and by the script PEER (mh_rensa.py), one
thread each, taking turns. Time is CPU seconds, that of TEST with reading the file and starting the process, that of PEER without. Then precision and recall: a pair is
true if the sets of its texts' shingles of three words have a Jaccard similarity of 0.7 or more, counted on the words themselves: nothing is hashed."""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import rensa

test, peer, path, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
threshold = 0.7
texts = open(path).read().split("\n")[:-1]
source = np.load(path + ".dup.npy")


def shingles(text):
    words = text.split()
    return [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))]


def similarity(i, j):
    a, b = set(shingles(texts[i])), set(shingles(texts[j]))
    return len(a & b) / len(a | b)


def children():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime


def ours(found):
    before = children()
    subprocess.run([test, "-test.run", "^$", "-test.bench", "^BenchmarkPairs$", "-test.benchtime", "1x", "-prompts", path, "-pairs", found],
                   check=True, stdout=subprocess.DEVNULL, env={**os.environ, "GOMAXPROCS": "1"})
    return children() - before


def theirs():
    out = subprocess.run([sys.executable, peer, "--text", path, "--threads", "1"], check=True, capture_output=True, text=True).stdout
    return json.loads(out)["cpu_min"]


def by_rensa():
    lsh, sketches, pairs = rensa.RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32), [], set()
    for i, text in enumerate(texts):
        m = rensa.RMinHash(num_perm=128, seed=1)
        m.update(shingles(text))
        for j in lsh.query(m):
            if m.jaccard(sketches[j]) >= threshold:
                pairs.add((j, i))
        lsh.insert(i, m)
        sketches.append(m)
    return pairs


found = os.path.join(tempfile.mkdtemp(), "pairs.txt")
ratios = []
for _ in range(rounds):
    a, b = ours(found), theirs()
    ratios.append(b / a)
    print("CPU seconds: lbprobe %.3f, rensa %.3f: %.2f times" % (a, b, ratios[-1]), flush=True)
print("%d texts: %.2f times as fast at least, %.2f at the median" % (len(texts), min(ratios), statistics.median(ratios)))

planted = {(int(j), i): similarity(int(j), i) for i, j in enumerate(source) if j >= 0}
print("%-8s %7s %10s %18s %16s %16s" % ("finder", "pairs", "precision", "recall of planted", "of those >= %g" % threshold, "of those >= 0.8"))
for name, pairs in ("lbprobe", {tuple(map(int, line.split())) for line in open(found)}), ("rensa", by_rensa()):
    right = sum(similarity(*p) >= threshold for p in pairs)
    row = [len(pairs), right / len(pairs), len(planted.keys() & pairs) / len(planted)]
    for least in threshold, 0.8:
        similar = {p for p, s in planted.items() if s >= least}
        row.append(len(similar & pairs) / len(similar))
    print("%-8s %7d %10.4f %18.4f %16.4f %16.4f" % (name, *row))
