#!/usr/bin/env python3
"""Makes assets/records.zdict, the dictionary that records are packed with: make_dictionary.py JSON_LINES

It holds the phrases of assets/phrases.txt, the most worthwhile runs of up to three words that at least four different
sentences of the given arXiv records have, and how the index writes a record. Needs libzstd.

A new dictionary is a new format of the index: raise FORMAT_VERSION in src/library/schema.rs.
"""
import collections
import ctypes
import json
import pathlib
import sys

SIZE = 32 << 10
RECORDS = 3000
SAMPLES = 1500
SKELETONS = [
    '"],"v":"Proceedings of the ","k":[""],"u":"10.1',
    '"],"d":[2019,1,1,0],"v":"',
    '"],"n":1,"d":[2015,6,1,0],"i":"1506.0',
    '{"f":0,"r":9,"s":[0,1700,1,0,0],"t":"A ',
    '"],"d":[2024,3,1,0],"i":"24',
    '{"f":0,"r":10,"s":[10000000,1500,10000,0,0],"t":"',
    '"],"a":["","","',
]


class Parameters(ctypes.Structure):
    _fields_ = [("level", ctypes.c_int), ("notification", ctypes.c_uint), ("identifier", ctypes.c_uint)]


def worthwhile_runs(abstracts, room):
    """The runs of words that save most, those that save least first."""
    sentences = {sentence for abstract in abstracts for sentence in abstract.split(". ")}
    counts = collections.Counter()
    for sentence in sorted(sentences):
        words = sentence.split(" ")
        counts.update({" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)})
    runs = [(run, count) for run, count in counts.items() if count >= 4 and len(run) > 3]
    runs.sort(key=lambda it: (-(it[1] - 1) * (len(it[0]) - 3), it[0]))
    chosen = []
    for run, _ in runs:
        room -= len(run) + 1
        if room < 0:
            break
        chosen.append(run)
    return chosen[::-1]


def with_statistics(content, samples):
    """The content with the statistics of letters and matches in the samples before it."""
    library = ctypes.CDLL("libzstd.so.1")
    finalize = library.ZDICT_finalizeDictionary
    finalize.restype = ctypes.c_size_t
    finalize.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
    finalize.argtypes += [ctypes.POINTER(ctypes.c_size_t), ctypes.c_uint, Parameters]
    room = len(content) + 4000
    made = ctypes.create_string_buffer(room)
    sizes = (ctypes.c_size_t * len(samples))(*map(len, samples))
    joined = b"".join(samples)
    parameters = Parameters(3, 0, 7)
    length = finalize(made, room, content, len(content), joined, sizes, len(samples), parameters)
    if library.ZDICT_isError(ctypes.c_size_t(length)):
        sys.exit("the dictionary could not be made")
    return made.raw[:length]


def main():
    assets = pathlib.Path(__file__).parent
    with open(sys.argv[1], encoding="utf-8") as lines:
        abstracts = [json.loads(line)["abstract"].strip() for _, line in zip(range(RECORDS), lines)]
    phrases = " ".join((assets / "phrases.txt").read_text(encoding="utf-8").split())
    runs = worthwhile_runs(abstracts, SIZE - len(phrases))
    content = " ".join([phrases, *runs, ""]) + "".join(SKELETONS)
    samples = [abstract.encode() for abstract in abstracts[:SAMPLES]]
    (assets / "records.zdict").write_bytes(with_statistics(content.encode(), samples))


main()
