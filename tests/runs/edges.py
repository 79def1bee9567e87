#!/usr/bin/env python3
"""What pyannote.audio makes of recordings at the edges of what is possible, as JSON: name → RTTM.

Usage: edges.py MODEL_FOLDER RECORDING (mono, 16 kHz) > pipeline/src/test/resources/dev/diarist/edges.json

EdgesTest makes the same recordings from the same one.
"""
import json
import pathlib
import sys
import tempfile

import numpy as np
import soundfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from random_runs import Models

LENGTHS = [1, 400, 990, 991, 159_999, 160_000, 160_001, 176_000, 176_001]
START = 16_000 * 20
SECONDS = 12


def edges(sound):
    for length in LENGTHS:
        yield f"{length} samples", sound[START: START + length], 16000
    clip = sound[START: START + 16000 * SECONDS]
    yield "8000 Hz", clip[::2], 8000
    for factor in (2, 3, 6, 12):
        yield f"{16000 * factor} Hz", np.repeat(clip, factor), 16000 * factor
    yield "8 channels", np.stack([clip * np.float32((c + 1) / 8) for c in range(8)], axis=1), 16000
    yield "clipping", np.clip(clip * np.float32(16), -1, 1), 16000
    yield "silence", clip * np.float32(0), 16000


def main(model, recording):
    sound, rate = soundfile.read(recording, dtype="float32")
    assert rate == 16000
    pipeline = Models(model).pipeline(0.1, True)
    pipeline.instantiate({
        "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7045654963945799},
        "segmentation": {"min_duration_off": 0.0}})
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "edge.wav"
        for name, samples, rate in edges(sound):
            soundfile.write(path, samples, rate, subtype="FLOAT")
            found[name] = pipeline(str(path)).to_rttm()
    json.dump(found, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
