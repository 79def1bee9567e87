"""Writes both networks of a model folder as sherpa-onnx reads them: MODEL_FOLDER OUTPUT_FOLDER.

What pyannote leaves to its pipeline, sherpa-onnx finds in the metadata of the ONNX files: the shape of the powerset, the
receptive field, and that embeddings are made from filter banks of samples within ±32768 whose mean was subtracted.
"""
import sys
import warnings

warnings.filterwarnings("ignore")

import onnx
import torch
from pyannote.audio import Model

from pyannote_run import accept_any_width

OPSET = 13
BATCH_AND_TIME = {0: "batch", 1: "time"}


class FromFilterBanks(torch.nn.Module):
    """The embedding network behind the filter banks: (batch, time, mels) → (batch, dimension)."""

    def __init__(self, resnet):
        super().__init__()
        self.resnet = resnet

    def forward(self, features):
        return self.resnet(features)[1]


def add_metadata(path, values):
    model = onnx.load(path)
    for key, value in values.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.save(model, path)


def export(network, example, path, axes, metadata):
    torch.onnx.export(
        network, example, path, opset_version=OPSET, input_names=["x"], output_names=["y"], dynamic_axes=axes)
    add_metadata(path, metadata)


def export_segmentation(model, path):
    rate = model.hparams.sample_rate
    field = model.receptive_field
    specifications = model.specifications
    axes = {"x": {0: "batch", 2: "samples"}, "y": BATCH_AND_TIME}
    export(model, torch.zeros(1, 1, round(specifications.duration * rate)), path, axes, {
        "model_type": "pyannote-segmentation-3.0",
        "version": 1,
        "sample_rate": rate,
        "window_size": round(specifications.duration * rate),
        "receptive_field_size": round(field.duration * rate),
        "receptive_field_shift": round(field.step * rate),
        "num_speakers": len(specifications.classes),
        "powerset_max_classes": specifications.powerset_max_classes,
        "num_classes": model.dimension,
    })


def export_embedding(model, path):
    example = torch.zeros(1, 300, model.hparams.num_mel_bins)
    export(FromFilterBanks(model.resnet).eval(), example, path, {"x": BATCH_AND_TIME, "y": {0: "batch"}}, {
        "framework": "wespeaker",
        "language": "any",
        "output_dim": model.dimension,
        "sample_rate": model.hparams.sample_rate,
        "normalize_samples": 0,
        "feature_normalize_type": "global-mean",
    })


@torch.no_grad()
def main(folder, output):
    accept_any_width(f"{folder}/embedding/pytorch_model.bin")
    export_segmentation(
        Model.from_pretrained(f"{folder}/segmentation/pytorch_model.bin").eval(), f"{output}/segmentation.onnx")
    export_embedding(Model.from_pretrained(f"{folder}/embedding/pytorch_model.bin").eval(), f"{output}/embedding.onnx")


if __name__ == "__main__":
    main(*sys.argv[1:])
