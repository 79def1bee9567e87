"""Reads a file as the users of its format do; prints what was read as JSON.

usage: read_back.py FORMAT FILE

Turns are [start, end, speaker], in the order of the file. Exits with 77 where a library is missing.
"""

import csv
import json
import sys
import warnings

warnings.filterwarnings("ignore")


def annotation(read):
    return [[s.start, s.end, label] for s, _, label in read.itertracks(yield_label=True)]


def rttm(path):
    from pyannote.database.util import load_rttm

    return {uri: annotation(read) for uri, read in load_rttm(path).items()}


def lab(path):
    from pyannote.database.util import load_lab

    return annotation(load_lab(path))


def uem(path):
    from pyannote.database.util import load_uem

    return {uri: [[s.start, s.end] for s in parts] for uri, parts in load_uem(path).items()}


def json_numbers(path):
    with open(path, encoding="utf-8") as file:
        read = json.load(file)
    return [[t["start"], t["end"], t["speaker"]] for t in read["diarization"]]


def json_strings(path):
    with open(path, encoding="utf-8") as file:
        read = json.load(file)
    return [[float(t["start"]), float(t["end"]), t["speaker"]] for t in read["diarization"]]


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [[float(r["start"]), float(r["end"]), r["speaker"]] for r in csv.DictReader(file)]


def data_frame(path):
    import pandas

    read = pandas.read_csv(path)
    return read[["start", "end", "speaker"]].values.tolist()


def audacity(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [[float(start), float(end), label] for start, end, label in rows]


def vtt(path):
    import webvtt

    def seconds(clock):
        hours, minutes, rest = clock.split(":")
        return 3600 * int(hours) + 60 * int(minutes) + float(rest)

    return [[seconds(c.start), seconds(c.end), c.voice or c.text] for c in webvtt.read(path)]


def subrip(path):
    import srt

    with open(path, encoding="utf-8") as file:
        return [
            [c.start.total_seconds(), c.end.total_seconds(), c.content]
            for c in srt.parse(file.read())
        ]


def text_grid(path):
    import textgrid

    return {
        tier.name: [[i.minTime, i.maxTime, i.mark] for i in tier]
        for tier in textgrid.TextGrid.fromFile(path)
    }


def npy(path):
    import numpy

    read = numpy.load(path)
    return {"shape": read.shape, "type": str(read.dtype), "sum": float(read.sum())}


def written_by_pyannote(path):
    """Writes RTTM, LAB and UEM beside the file, which holds turns; prints nothing of use."""
    from pyannote.core import Annotation, Segment

    with open(path, encoding="utf-8") as file:
        turns = json.load(file)
    read = Annotation(uri="talk")
    for i, (start, end, speaker) in enumerate(turns):
        read[Segment(start, end), i] = speaker
    for name, write in (
        ("rttm", read.write_rttm),
        ("lab", read.write_lab),
        ("uem", read.get_timeline().write_uem),
    ):
        with open(path[: -len("json")] + name, "w", encoding="utf-8") as file:
            write(file)
    return []


READERS = {
    "RTTM": rttm,
    "LAB": lab,
    "UEM": uem,
    "JSON": json_numbers,
    "ENDPOINT": json_strings,
    "CSV": table,
    "PANDAS": data_frame,
    "AUDACITY": audacity,
    "VTT": vtt,
    "SRT": subrip,
    "TEXTGRID": text_grid,
    "NPY": npy,
    "WRITE": written_by_pyannote,
}

try:
    print(json.dumps(READERS[sys.argv[1]](sys.argv[2])))
except ModuleNotFoundError as missing:
    print(missing)
    sys.exit(77)
