#!/usr/bin/env python3
"""Reads a file of hashes with nothing but Python's standard library, written from the description in hashes.go. The oracle of its tests.

hashes.py FILE < texts: for each JSON string a line prints "contains near" as 0 or 1. hashes.py --sum < texts: the fingerprint and the sketch in hex."""
import hashlib
import json
import struct
import sys
import unicodedata

M = (1 << 64) - 1
G = 0x9E3779B97F4A7C15
BINS, AGREE, WIDTH = 64, 45, 3
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
ALONE = [(0xE00, 0x10A0), (0x1780, 0x1800), (0x2E80, 0x3130), (0x3190, 0xA000), (0xF900, 0xFB00), (0x20000, 0x40000)]


def normalise(text):
    out = []
    for c in unicodedata.normalize("NFKC", text):
        if c in SPACE:
            out.append(" ")
        elif c not in "\u00ad\u200b\ufeff":
            out.append(c.lower() if len(c.lower()) == 1 else {"\u0130": "i"}.get(c, c))
    return " ".join(word for word in "".join(out).split(" ") if word)


def tokens(text):
    for word in text.split(" "):
        run = ""
        for c in word:
            if any(lo <= ord(c) < hi for lo, hi in ALONE):
                if run:
                    yield run
                yield c
                run = ""
            else:
                run += c
        if run:
            yield run


def sha64(data):
    return struct.unpack("<Q", hashlib.sha256(data).digest()[:8])[0]


def mix(h):
    h = ((h ^ h >> 33) * 0xFF51AFD7ED558CCD) & M
    h = ((h ^ h >> 33) * 0xC4CEB9FE1A85EC53) & M
    return h ^ h >> 33


def shingles(text):
    t = [sha64(w.encode()) for w in tokens(text)]
    out = set()
    for i in range(max(1, len(t) - WIDTH + 1) if t else 0):
        h = 0
        for x in t[i : i + WIDTH]:
            h = (h * G + x) & M
            h = (h << 29 | h >> 35) & M
        out.add(mix(h) >> 32)
    return out


def sketch(members):
    bins, at_round = [None] * BINS, 0
    while members and None in bins:
        seed = mix((at_round + G) & M)
        for m in members:
            h = mix((m * G & M) ^ seed)
            b = (h >> 32) * BINS >> 32 if at_round < BINS else at_round - BINS
            v = (at_round, h & 0xFFFFFFFF)
            if bins[b] is None or v < bins[b]:
                bins[b] = v
        at_round += 1
    return bytes(255 if b is None else b[1] & 255 for b in bins)


def read(path):
    data = open(path, "rb").read()
    assert data[:8] == b"LBPNEAR1" and hashlib.sha256(data[:-32]).digest() == data[-32:]
    assert struct.unpack("<3I", data[8:20]) == (WIDTH, BINS, AGREE)
    (n,) = struct.unpack("<Q", data[20:28])
    prints = struct.unpack("<%dQ" % n, data[28 : 28 + 8 * n])
    body = data[28 + 8 * n : -32]
    return set(prints), [body[i * BINS : (i + 1) * BINS] for i in range(n)]


def near(a, b):
    return sum(x == y for x, y in zip(a, b)) >= AGREE and any(a[i : i + 4] == b[i : i + 4] for i in range(0, BINS, 4))


if __name__ == "__main__":
    known = None if sys.argv[1] == "--sum" else read(sys.argv[1])
    for line in sys.stdin:
        text = normalise(json.loads(line))
        fingerprint, s = sha64(text.encode()), sketch(shingles(text))
        if known is None:
            print("%016x %s" % (fingerprint, s.hex()))
            continue
        contains = bool(text) and fingerprint in known[0]
        print(int(contains), int(contains or bool(text) and any(near(s, k) for k in known[1])))
