"""Reads with PyTorch what Diarist wrote: read_back.py ORIGINAL CONVERTED PREFIX.

Compares the state dict of ORIGINAL, a checkpoint of pyannote, with CONVERTED, a safetensors file whose names begin
with PREFIX, bit for bit; then loads both into pyannote's network and compares what they answer.
"""

import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file

original, converted, prefix = sys.argv[1:]
checkpoint = torch.load(original, map_location="cpu", weights_only=False)
expected = checkpoint["state_dict"]
found = load_file(converted)
with safe_open(converted, framework="pt") as file:
    assert file.metadata()["format"] == "pt", file.metadata()
assert all(name.startswith(prefix) for name in found)
found = {name[len(prefix) :]: tensor for name, tensor in found.items()}
assert found.keys() == expected.keys(), found.keys() ^ expected.keys()
for name, tensor in expected.items():
    assert tensor.dtype == found[name].dtype and torch.equal(tensor, found[name]), name

architecture = checkpoint["pyannote.audio"]["architecture"]["class"]
torch.manual_seed(1)
with torch.inference_mode():
    if architecture == "PyanNet":
        from pyannote.audio import Model

        network = Model.from_pretrained(original).eval()
        signal = torch.randn(1, 1, 160000)
        before = network(signal)
        for parameter in network.parameters():
            parameter.zero_()
        network.load_state_dict(found, strict=True)
        after = network(signal)
    else:
        from pyannote.audio.models.embedding.wespeaker.resnet import BasicBlock, ResNet

        def network(state):
            channels = state["resnet.conv1.weight"].shape[0]
            resnet = ResNet(BasicBlock, [3, 4, 6, 3], channels, 80, 256, two_emb_layer=False)
            resnet.load_state_dict({name[7:]: tensor for name, tensor in state.items()})
            return resnet.eval()

        fbank = torch.randn(1, 200, 80)
        before, after = network(expected)(fbank.clone())[1], network(found)(fbank.clone())[1]
assert torch.isfinite(before).all() and torch.equal(before, after), (before - after).abs().max()
print(f"same: {len(found)} tensors, {before.numel()} numbers")
