#!/usr/bin/env python3
"""Runs pyannote.audio 3.3.2 and Diarist in turn on the same recording, weights and threads.

    tests/benchmarks/compare.py MODEL_FOLDER AUDIO.wav [--threads 2] [--runs 3] [--diarist OPTION ...]

Checks that both RTTMs are identical, and prints for each the median seconds, seconds of processing for a second of audio
(RTF) and peak resident memory, and the ratio. Of pyannote the pipeline alone is timed, without imports and model loading; of
Diarist the whole process, from the start of the JVM. The first run makes a virtual environment, in the folder that
DIARIST_BENCHMARKS names or in ~/.cache/diarist-benchmarks.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import wave

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = ["torch==2.5.1", "torchaudio==2.5.1", "numpy==1.26.4", "pyannote.audio==3.3.2", "huggingface_hub<0.30"]


def environment():
    """The Python that has pyannote, made on first use."""
    folder = pathlib.Path(os.environ.get("DIARIST_BENCHMARKS", pathlib.Path.home() / ".cache" / "diarist-benchmarks"))
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"making {folder}, which takes minutes", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        (folder / "complete").touch()
    return python


def measured(command):
    """Runs a command; its wall seconds, peak resident bytes and standard output."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{command[0]} failed with status {status}")
    return seconds, usage.ru_maxrss * 1024, output


def run_pyannote(python, options):
    with tempfile.NamedTemporaryFile() as rttm:
        _, rss, output = measured(
            [str(python), str(HERE / "pyannote_run.py"), options.model, options.audio, str(options.threads), rttm.name])
        return float(output.split()[-1]), rss, pathlib.Path(rttm.name).read_text()


def run_diarist(options):
    return measured(
        [str(ROOT / "diarist"), options.audio, "--model", options.model, "--threads", str(options.threads),
         *options.diarist])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("audio")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--diarist", nargs=argparse.REMAINDER, default=[], help="further options of diarist")
    options = parser.parse_args()
    with wave.open(options.audio) as audio:
        audio_seconds = audio.getnframes() / audio.getframerate()
    python = environment()
    subprocess.run([str(ROOT / "diarist"), "--version"], check=True, stdout=subprocess.DEVNULL)  # builds

    results = {"pyannote": [], "diarist": []}
    for _ in range(options.runs):
        theirs = run_pyannote(python, options)
        ours = run_diarist(options)
        if ours[2] != theirs[2]:
            raise SystemExit("the RTTMs differ")
        results["pyannote"].append(theirs)
        results["diarist"].append(ours)

    print(f"{options.audio}: {audio_seconds:.1f} s of audio, {options.threads} threads, {options.runs} runs, RTTM identical")
    print(f"{'':10} {'seconds':>9} {'RTF':>8} {'peak RSS':>10}")
    for name, runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        rss = statistics.median(run[1] for run in runs)
        print(f"{name:10} {seconds:9.2f} {seconds / audio_seconds:8.4f} {rss / 2**20:7.0f} MB")
    ratios = [theirs[0] / ours[0] for theirs, ours in zip(results["pyannote"], results["diarist"])]
    print(f"ratio {statistics.median(ratios):.1f} (of each run: {', '.join(f'{r:.1f}' for r in ratios)})")


if __name__ == "__main__":
    main()
