#!/usr/bin/env python3
"""Trains both networks in Diarist and in PyTorch in turn, from the same weights, on the same batch and threads.

    tests/benchmarks/training.py MODEL_FOLDER [--threads 2] [--runs 3] [--steps 12]

The embedding network is a ResNet34 of 16 channels over 32 crops of 150 frames; the segmentation network that of the model
folder over 32 chunks of 10 s, dropout off. Fails unless the losses of the first steps agree; prints the examples a second of
each, of the median step, and the ratio.
"""
import argparse
import statistics
import tempfile

import environments
from measure import HERE, build_diarist, java, measured

CHANNELS, FRAMES, BATCH = 16, 150, 32

# Losses are compared while rounding has not grown yet.
COMPARED, TOLERANCE = 3, 1e-3


def ours(folder, options, which, *sizes):
    return numbers(java("TrainingSteps.java", folder, options.threads, options.steps, which, *sizes))


def theirs(folder, options, which):
    command = [environments.pyannote(), HERE / "training_steps.py", folder, options.threads, options.steps, which]
    return numbers(measured(command))


def numbers(run):
    return [float(line) for line in run.output.split()]


def compare(folder, options, which, *sizes):
    rates = {"PyTorch": [], "Diarist": []}
    for _ in range(options.runs):
        for name, run in {"Diarist": ours(folder, options, which, *sizes), "PyTorch": theirs(folder, options, which)}.items():
            rates[name].append(BATCH / run[-1])
            losses = run[:COMPARED] if name == "Diarist" else losses
            if any(abs(a - b) > TOLERANCE * abs(b) for a, b in zip(losses, run)):
                raise SystemExit(f"{which}: the losses differ: {losses} and {run[:COMPARED]}")
    ratios = [a / b for a, b in zip(rates["Diarist"], rates["PyTorch"])]
    print(f"{which}: {options.threads} threads, {options.runs} runs, the losses of {COMPARED} steps agree")
    for name, of in rates.items():
        print(f"  {name} {statistics.median(of):6.1f} examples a second")
    print(f"  ratio {statistics.median(ratios):.2f} (of each run: {', '.join(f'{r:.2f}' for r in ratios)})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=12)
    options = parser.parse_args()
    build_diarist()
    with tempfile.TemporaryDirectory() as folder:
        compare(folder, options, "embedding", CHANNELS, FRAMES, BATCH)
        compare(folder, options, "segmentation", options.model, BATCH)


if __name__ == "__main__":
    main()
