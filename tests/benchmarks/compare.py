#!/usr/bin/env python3
"""Runs Diarist and what it is compared with in turn, on the same recordings, weights and threads.

    tests/benchmarks/compare.py MODEL_FOLDER AUDIO.wav ... [--threads 2] [--runs 3] [--diarist OPTION ...]
    tests/benchmarks/compare.py --mode fast MODEL_FOLDER AUDIO.wav ...

Mode exact: pyannote.audio 3.3.2 beside Diarist; fails unless both RTTMs are identical.
Mode fast: sherpa-onnx 2.0.1, over ONNX exports of the same two networks, beside `diarist --mode fast`; prints what the mode
costs as well: the diarization error rate (DER) against Diarist's exact mode, without collar and with overlap.

For each recording it prints the median seconds, seconds of processing for a second of audio (RTF), peak resident memory, and
the ratio. Of pyannote and sherpa-onnx diarization alone is timed, without imports and the loading of models; of Diarist the
whole process, from the start of the JVM, and diarization alone, in a JVM of its own. The first run makes virtual environments; see environments.py.
"""
import argparse
import collections
import pathlib
import subprocess
import tempfile

import environments
from measure import HERE, build_diarist, diarist, diarist_alone, measured, ratio, script, seconds_of, table

# The row of the pipeline without its start; further options of the command line are not for it.
ALONE = "  alone"


def compare_exact(audio, options, folder):
    python = environments.pyannote()
    rttm = folder / "pyannote.rttm"
    runs = collections.defaultdict(list)
    for _ in range(options.runs):
        runs["pyannote"].append(script(python, "pyannote_run.py", options.model, audio, options.threads, rttm))
        runs["diarist"].append(diarist(options.model, audio, options.threads, *options.diarist))
        if not options.diarist:
            runs[ALONE].append(diarist_alone(options.model, audio, options.threads, "exact"))
        if any(of[-1].output != rttm.read_text() for name, of in runs.items() if name != "pyannote"):
            raise SystemExit(f"{audio}: the RTTMs differ")
    heading(audio, options, "RTTM identical")
    table(seconds_of(audio), runs)
    ratios(runs["pyannote"], runs["diarist"], runs[ALONE])


def compare_fast(audio, options, folder):
    sherpa = environments.sherpa()
    exact = diarist(options.model, audio, options.threads, *options.diarist)
    runs = collections.defaultdict(list)
    for _ in range(options.runs):
        runs["sherpa-onnx"].append(script(sherpa, "sherpa_run.py", folder, audio, options.threads))
        runs["diarist fast"].append(
            diarist(options.model, audio, options.threads, "--mode", "fast", *options.diarist))
        if not options.diarist:
            runs[ALONE].append(diarist_alone(options.model, audio, options.threads, "fast"))
    heading(audio, options, "fast mode")
    table(seconds_of(audio), runs | {"diarist exact": [exact]})
    ratios(runs["sherpa-onnx"], runs["diarist fast"], runs[ALONE])
    print(error_rate(audio, exact.output, runs["diarist fast"][0].output, folder))


def ratios(theirs, whole, alone):
    ratio("the whole process of Diarist", theirs, whole)
    if alone:
        ratio("diarization alone", theirs, alone)


def heading(audio, options, what):
    print(f"{audio}: {seconds_of(audio):.1f} s of audio, {options.threads} threads, {options.runs} runs, {what}")


def error_rate(audio, exact, fast, folder):
    (folder / "exact.rttm").write_text(exact)
    (folder / "fast.rttm").write_text(fast)
    command = [
        environments.pyannote(), HERE / "error_rate.py", folder / "exact.rttm", folder / "fast.rttm", seconds_of(audio)]
    return measured(command).output.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("audio", nargs="+")
    parser.add_argument("--mode", choices=["exact", "fast"], default="exact")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--diarist", nargs=argparse.REMAINDER, default=[], help="further options of diarist")
    options = parser.parse_args()
    build_diarist()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        if options.mode == "fast":
            export = [environments.exporter(), HERE / "export_onnx.py", options.model, folder]
            subprocess.run(export, check=True)
        for audio in options.audio:
            (compare_fast if options.mode == "fast" else compare_exact)(audio, options, folder)


if __name__ == "__main__":
    main()
