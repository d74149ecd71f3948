#!/usr/bin/env python3
"""precision.py PROMPTS PAIRS THRESHOLD: how many pairs of two near-duplicate finders are true, and how many planted pairs they find. PAIRS is written by
BenchmarkPairs; the other finder is rensa's RMinHash with RMinHashLSH (128 permutations, 32 bands). A pair is true if the sets of its texts' shingles of three
words have a Jaccard similarity of THRESHOLD or more: counted on the words themselves, nothing is hashed."""
import sys

import numpy as np
import rensa

path, found, threshold = sys.argv[1], sys.argv[2], float(sys.argv[3])
texts = open(path).read().split("\n")[:-1]
source = np.load(path + ".dup.npy")


def shingles(text):
    words = text.split()
    return [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))]


def similarity(i, j):
    a, b = set(shingles(texts[i])), set(shingles(texts[j]))
    return len(a & b) / len(a | b)


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


planted = {(int(j), i) for i, j in enumerate(source) if j >= 0}
true_planted = {p: similarity(*p) for p in planted}
print("%-8s %7s %10s %18s %24s %24s" % ("finder", "pairs", "precision", "recall of planted", "of those >= %g" % threshold, "of those >= 0.8"))
for name, pairs in ("lbprobe", {tuple(map(int, line.split())) for line in open(found)}), ("rensa", by_rensa()):
    right = sum(similarity(*p) >= threshold for p in pairs)
    row = [len(pairs), right / len(pairs), len(planted & pairs) / len(planted)]
    for least in threshold, 0.8:
        similar = {p for p, s in true_planted.items() if s >= least}
        row.append(len(similar & pairs) / len(similar))
    print("%-8s %7d %10.4f %18.4f %24.4f %24.4f" % (name, *row))
