"""Trains pyannote's ResNet34 from what TrainingSteps.java began with: FOLDER CHANNELS STEPS THREADS.

Prints the loss of every step, and last the median seconds of a step.
"""
import statistics
import sys
import time

import torch
from pyannote.audio.models.embedding.wespeaker.resnet import BasicBlock, ResNet
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy, linear, normalize

RATE = 1e-3
SCALE = 24


def main(folder, channels, steps, threads):
    torch.set_num_threads(int(threads))
    start = load_file(f"{folder}/start.safetensors")
    features, voices = start.pop("features"), start.pop("voices")
    centres = torch.nn.Parameter(start.pop("loss.weight"))
    network = ResNet(
        BasicBlock, [3, 4, 6, 3], m_channels=int(channels), feat_dim=80, embed_dim=centres.shape[1], two_emb_layer=False)
    network.load_state_dict({name.removeprefix("resnet."): value for name, value in start.items()})
    network.train()
    optimizer = torch.optim.Adam([*network.parameters(), centres], lr=RATE)
    seconds = []
    for _ in range(int(steps)):
        began = time.perf_counter()
        optimizer.zero_grad()
        cosines = linear(normalize(network(features)[1]), normalize(centres))
        loss = cross_entropy(SCALE * cosines, voices)
        loss.backward()
        optimizer.step()
        seconds.append(time.perf_counter() - began)
        print(loss.item())
    print(statistics.median(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
