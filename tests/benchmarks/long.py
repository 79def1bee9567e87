#!/usr/bin/env python3
"""Diarizes a long recording, made of shorter ones again and again, in a small heap.

    tests/benchmarks/long.py MODEL_FOLDER AUDIO.wav ... [--hours 1] [--heap 512m] [--threads 2] [--diarist OPTION ...]

Prints the seconds of the whole process, seconds of processing for a second of audio (RTF) and peak resident memory. The long
recording lies in a temporary folder, 115 MB for an hour of 16 kHz and 16 bits; TMPDIR says where.
"""
import argparse
import itertools
import pathlib
import tempfile
import wave

from measure import build_diarist, diarist, seconds_of, table


def concatenate(recordings, seconds, path):
    """Writes the recordings one after the other, from the first again after the last, until they are that long."""
    forms, contents = [], []
    for recording in recordings:
        with wave.open(recording) as file:
            forms.append(file.getparams()[:3])
            contents.append(file.readframes(file.getnframes()))
    if len(set(forms)) > 1:
        raise SystemExit(f"channels, bytes of a sample and rate must be the same in all recordings, got {forms}")
    channels, width, rate = forms[0]
    left = round(seconds * rate) * channels * width
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", "not compressed"))
        for content in itertools.cycle(contents):
            file.writeframesraw(content[:left])
            left -= min(left, len(content))
            if left == 0:
                return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("audio", nargs="+")
    parser.add_argument("--hours", type=float, default=1)
    parser.add_argument("--heap", default="512m", help="of the JVM, as in -Xmx")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--diarist", nargs=argparse.REMAINDER, default=[], help="further options of diarist")
    options = parser.parse_args()
    build_diarist()
    with tempfile.TemporaryDirectory() as folder:
        audio = pathlib.Path(folder) / "long.wav"
        concatenate(options.audio, options.hours * 3600, audio)
        run = diarist(
            options.model, audio, options.threads, *options.diarist, DIARIST_JAVA_OPTS=f"-Xmx{options.heap}")
        turns = run.output.splitlines()
        speakers = {turn.split()[7] for turn in turns}
        print(
            f"{seconds_of(audio) / 3600:.2f} hours of audio, {options.threads} threads, heap {options.heap}:"
            f" {len(turns)} turns, {len(speakers)} speakers")
        table(seconds_of(audio), {"diarist": [run]})


if __name__ == "__main__":
    main()
