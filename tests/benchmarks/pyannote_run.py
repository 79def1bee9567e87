"""Diarizes one recording with pyannote.audio: MODEL_FOLDER AUDIO THREADS RTTM_OUT.

Prints the seconds of the pipeline alone: imports and the loading of the model are not counted.
"""
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import torch
import pyannote.audio.models.embedding.wespeaker as wespeaker
from pyannote.audio.models.embedding.wespeaker.resnet import BasicBlock, ResNet
from pyannote.audio.pipelines import SpeakerDiarization


def accept_any_width(checkpoint):
    """pyannote builds ResNet34 with 32 channels and embeddings of 256 whatever the checkpoint holds."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)["state_dict"]
    channels = state["resnet.conv1.weight"].shape[0]
    dimension = state["resnet.seg_1.weight"].shape[0]
    if (channels, dimension) != (32, 256):
        wespeaker.ResNet34 = lambda feat_dim, embed_dim, **options: ResNet(
            BasicBlock, [3, 4, 6, 3], m_channels=channels, feat_dim=feat_dim, embed_dim=dimension,
            pooling_func=options.get("pooling_func", "TSTP"), two_emb_layer=False)


def main(model, audio, threads, rttm):
    torch.set_num_threads(int(threads))
    accept_any_width(f"{model}/embedding/pytorch_model.bin")
    pipeline = SpeakerDiarization(
        segmentation=f"{model}/segmentation/pytorch_model.bin",
        embedding=f"{model}/embedding/pytorch_model.bin",
        clustering="AgglomerativeClustering", embedding_exclude_overlap=True,
        segmentation_batch_size=32, embedding_batch_size=32)
    pipeline.instantiate({
        "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7045654963945799},
        "segmentation": {"min_duration_off": 0.0}})
    start = time.perf_counter()
    annotation = pipeline(audio)
    print(time.perf_counter() - start)
    with open(rttm, "w") as file:
        annotation.write_rttm(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
