"""Trains pyannote's network from what TrainingSteps.java began with: FOLDER THREADS STEPS embedding|segmentation.

Prints the loss of every step, and last the median seconds of a step.
"""
import statistics
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import torch
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding.wespeaker.resnet import BasicBlock, ResNet
from pyannote.audio.models.segmentation import PyanNet
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy, linear, nll_loss, normalize

RATE = 1e-3
SCALE = 24
SPEAKERS = ["speaker#1", "speaker#2", "speaker#3"]


def embedding(start, labels):
    """The network, what is learned beside it, and the loss of its output."""
    centres = torch.nn.Parameter(start.pop("loss.weight"))
    channels = start["resnet.conv1.weight"].shape[0]
    network = ResNet(
        BasicBlock, [3, 4, 6, 3], m_channels=channels, feat_dim=80, embed_dim=centres.shape[1], two_emb_layer=False)
    network.load_state_dict({name.removeprefix("resnet."): value for name, value in start.items()})

    def loss(output):
        return cross_entropy(SCALE * linear(normalize(output[1]), normalize(centres)), labels)

    return network, [centres], loss


def segmentation(start, labels):
    hidden = start["lstm.weight_hh_l0"].shape[1]
    layers = sum(name.startswith("lstm.weight_hh_l") and not name.endswith("_reverse") for name in start)
    lstm = {
        "hidden_size": hidden, "num_layers": layers, "bidirectional": True, "monolithic": True, "dropout": 0.0}
    linears = {
        "hidden_size": start["linear.0.weight"].shape[0],
        "num_layers": sum(name.startswith("linear.") and name.endswith(".weight") for name in start)}
    network = PyanNet(sincnet={"stride": 10}, lstm=lstm, linear=linears)
    network.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION, resolution=Resolution.FRAME, duration=10.0, classes=SPEAKERS,
        powerset_max_classes=2, permutation_invariant=True)
    network.setup()
    network.load_state_dict(start)
    return network, [], lambda output: nll_loss(output.flatten(0, 1), labels)


def main(folder, threads, steps, which):
    torch.set_num_threads(int(threads))
    start = load_file(f"{folder}/start.safetensors")
    given, labels = start.pop("input"), start.pop("labels")
    network, others, loss_of = {"embedding": embedding, "segmentation": segmentation}[which](start, labels)
    network.train()
    optimizer = torch.optim.Adam([*network.parameters(), *others], lr=RATE)
    seconds = []
    for _ in range(int(steps)):
        began = time.perf_counter()
        optimizer.zero_grad()
        loss = loss_of(network(given))
        loss.backward()
        optimizer.step()
        print(loss.item())
        seconds.append(time.perf_counter() - began)
    print(statistics.median(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
