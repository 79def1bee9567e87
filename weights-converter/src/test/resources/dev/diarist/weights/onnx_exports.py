"""ONNX exports as people publish them: onnx_exports.py make MODELS FOLDER | compare MODELS FOLDER.

make exports both networks of MODELS as sherpa-onnx's and wespeaker's scripts do (opset 13, batch and time free) and
quantises each with onnxruntime: unsigned and signed integers, one scale or one for each channel. compare expects beside
each NAME.onnx what Diarist made of it, NAME.safetensors. Of floats, the network must answer as onnxruntime does; of
integers, each weight must be within one step of the float it was, since onnxruntime rounds activations too.
"""

import sys

import numpy
import torch
from pyannote.audio import Model
from pyannote.audio.models.embedding.wespeaker.resnet import BasicBlock, ResNet
from safetensors.torch import load_file

QUANTISED = {"u8": {}, "s8": {"weight_type": "QInt8"}, "u8-channels": {"per_channel": True},
             "s8-channels": {"weight_type": "QInt8", "per_channel": True}}


class Embedding(torch.nn.Module):
    """As wespeaker/bin/export_onnx.py has it: the mean of the training embeddings is subtracted."""

    def __init__(self, resnet):
        super().__init__()
        self.resnet = resnet
        self.mean = torch.nn.Buffer(torch.linspace(-1, 1, 256))

    def forward(self, feats):
        return self.resnet(feats)[1] - self.mean


def networks(models):
    segmentation = Model.from_pretrained(f"{models}/segmentation/pytorch_model.bin").eval()
    state = torch.load(f"{models}/embedding/pytorch_model.bin", map_location="cpu", weights_only=False)["state_dict"]
    resnet = ResNet(BasicBlock, [3, 4, 6, 3], state["resnet.conv1.weight"].shape[0], 80, 256, two_emb_layer=False)
    resnet.load_state_dict({name[7:]: tensor for name, tensor in state.items()})
    generator = torch.Generator().manual_seed(6)
    return {
        "segmentation": (segmentation, torch.randn(1, 1, 160000, generator=generator)),
        "embedding": (Embedding(resnet).eval(), torch.randn(1, 200, 80, generator=generator)),
    }


def make(models, folder):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    for name, (network, example) in networks(models).items():
        axes = {"x": {0: "B", example.dim() - 1 - (name == "embedding"): "T"}, "y": {0: "B"}}
        torch.onnx.export(network, example, f"{folder}/{name}.onnx", opset_version=13, input_names=["x"],
                          output_names=["y"], dynamic_axes=axes)
        for kind, options in QUANTISED.items():
            options = dict(options, weight_type=getattr(QuantType, options.get("weight_type", "QUInt8")))
            quantize_dynamic(f"{folder}/{name}.onnx", f"{folder}/{name}.{kind}.onnx", **options)
    print("made")


@torch.no_grad()
def compare(models, folder):
    import onnxruntime

    compared = 0
    for name, (network, example) in networks(models).items():
        exact = load_file(f"{folder}/{name}.safetensors")
        session = onnxruntime.InferenceSession(f"{folder}/{name}.onnx", providers=["CPUExecutionProvider"])
        expected = session.run(None, {"x": example.numpy()})[0]
        if name == "segmentation":
            for key, tensor in network.state_dict().items():
                assert torch.equal(tensor, exact[key]), key
            network.load_state_dict(exact)
            found = network(example)
        else:  # the mean has become a part of the bias
            network.resnet.load_state_dict({key[7:]: tensor for key, tensor in exact.items()})
            found = network.resnet(example)[1]
        assert numpy.allclose(expected, found.numpy(), rtol=1e-3, atol=1e-4), abs(expected - found.numpy()).max()
        for kind in QUANTISED:
            rough = load_file(f"{folder}/{name}.{kind}.safetensors")
            assert rough.keys() == exact.keys()
            for key, tensor in exact.items():
                if tensor.dim() > 1:
                    # onnxruntime's range of integers holds 0 as well, and is symmetric where they are signed.
                    step = 2 * max(abs(tensor.max()), abs(tensor.min())) / 254
                    assert abs(rough[key] - tensor).max() <= step, (name, kind, key)
                    compared += tensor.numel()
    print(f"same: {compared} quantised weights")


{"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
