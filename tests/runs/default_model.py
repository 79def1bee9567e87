#!/usr/bin/env python3
"""What pyannote.audio makes of a recording with the default model, as RTTM on standard output.

Usage: default_model.py MODEL_FOLDER AUDIO, after ./diarist convert default MODEL_FOLDER --layout pyannote

DefaultModelRunTest compares with what is recorded so.
"""
import pathlib
import sys
import warnings

import torch
import yaml

warnings.filterwarnings("ignore")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "benchmarks"))

from pyannote.audio.pipelines import SpeakerDiarization
from pyannote_run import accept_any_width


def main(model, audio):
    torch.set_num_threads(2)
    config = yaml.safe_load(pathlib.Path(model, "config.yaml").read_text())
    accept_any_width(f"{model}/embedding/pytorch_model.bin")
    parameters = config["pipeline"]["params"] | {
        "segmentation": f"{model}/segmentation/pytorch_model.bin", "embedding": f"{model}/embedding/pytorch_model.bin"}
    pipeline = SpeakerDiarization(**parameters)
    pipeline.instantiate(config["params"])
    pipeline(audio).write_rttm(sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
