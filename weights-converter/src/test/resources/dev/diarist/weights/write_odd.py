"""Writes with PyTorch tensors of every type and of odd strides: write_odd.py ZIP LEGACY SAFETENSORS."""

import sys

import torch
from safetensors.torch import save_file

torch.manual_seed(1)
base = torch.randn(4, 6)
tensors = {
    "float": base,
    "transposed": base.t(),
    "row": base[2],
    "column": base[:, 3],
    "stepped": base[::2, 1::3],
    "expanded": torch.tensor([1.5]).expand(3, 2),
    "scalar": torch.tensor(7),
    "empty": torch.zeros(0, 3),
    "parameter": torch.nn.Parameter(torch.randn(2, 2)).detach(),
}
for name in ["float16", "bfloat16", "float64", "int8", "int16", "int32", "int64", "uint8"]:
    tensors[name] = (base * 10).abs().to(getattr(torch, name)).t()
tensors["bool"] = base > 0
torch.save({"state_dict": tensors}, sys.argv[1])
torch.save({"state_dict": tensors}, sys.argv[2], _use_new_zipfile_serialization=False)
save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, sys.argv[3])
