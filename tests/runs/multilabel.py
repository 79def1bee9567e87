#!/usr/bin/env python3
"""What pyannote.audio makes of a recording with a segmentation that gives a probability for each speaker, as JSON.

Usage: multilabel.py MODEL_FOLDER AUDIO, where the folder is that of a pipeline with a powerset of three speakers

Of each speaker the output is that of the speaker alone less that of nobody; MultilabelRunTest makes the same network, and
compares with what is recorded so.
"""
import io
import json
import pathlib
import sys
import tempfile
import warnings

import torch

warnings.filterwarnings("ignore")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "benchmarks"))

from pyannote.audio.core.task import Problem, Specifications
from pyannote.audio.pipelines import OverlappedSpeechDetection, SpeakerDiarization, VoiceActivityDetection
from pyannote_run import accept_any_width

WARM_UP = (0.0, 0.8)  # pyannote takes a left one for the step of regions as well

# With 0.5 and 0.7, two votes of 2 differ by the last bit of a float32: rounding would decide.
CLUSTERINGS = {0.3: (0.4, 0.7), 0.5: (0.4,), 0.7: (0.4, 0.7)}


def multilabel(checkpoint, target):
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    for name in ("classifier.weight", "classifier.bias"):
        values = state["state_dict"][name]
        state["state_dict"][name] = values[1:4] - values[:1]
    before = state["pyannote.audio"]["specifications"]
    state["pyannote.audio"]["specifications"] = Specifications(
        problem=Problem.MULTI_LABEL_CLASSIFICATION, resolution=before.resolution, duration=before.duration,
        warm_up=WARM_UP, classes=before.classes, permutation_invariant=True)
    torch.save(state, target)


def rttm(annotation):
    text = io.StringIO()
    annotation.write_rttm(text)
    return text.getvalue().splitlines()


def main(model, audio):
    torch.set_num_threads(2)
    accept_any_width(f"{model}/embedding/pytorch_model.bin")
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        segmentation = f"{folder}/pytorch_model.bin"
        multilabel(f"{model}/segmentation/pytorch_model.bin", segmentation)
        pipeline = SpeakerDiarization(
            segmentation=segmentation, embedding=f"{model}/embedding/pytorch_model.bin", embedding_exclude_overlap=True,
            clustering="AgglomerativeClustering", segmentation_batch_size=32, embedding_batch_size=32)
        for threshold, clusterings in CLUSTERINGS.items():
            for clusters in clusterings:
                pipeline.instantiate({
                    "segmentation": {"threshold": threshold, "min_duration_off": 0.0},
                    "clustering": {"method": "centroid", "min_cluster_size": 3, "threshold": clusters}})
                runs.append({"threshold": threshold, "clustering": clusters, "rttm": rttm(pipeline(audio))})
        for region, detection in (("SPEECH", VoiceActivityDetection), ("OVERLAP", OverlappedSpeechDetection)):
            detector = detection(segmentation=segmentation)
            for onset, offset in ((0.5, 0.5), (0.6, 0.3), (0.3, 0.1)):
                detector.instantiate({
                    "onset": onset, "offset": offset, "min_duration_on": 0.1, "min_duration_off": 0.05})
                runs.append({"region": region, "onset": onset, "offset": offset, "rttm": rttm(detector(audio))})
    json.dump({"runs": runs}, sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
