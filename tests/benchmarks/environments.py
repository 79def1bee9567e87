"""Virtual environments of what Diarist is compared with, made on first use.

They lie in the folder that DIARIST_BENCHMARKS names, or in ~/.cache/diarist-benchmarks.
"""
import os
import pathlib
import subprocess
import sys
import venv

PYANNOTE = ["torch==2.5.1", "torchaudio==2.5.1", "numpy==1.26.4", "pyannote.audio==3.3.2", "huggingface_hub<0.30"]
SHERPA = ["sherpa-onnx==2.0.1"]

# What the export of networks to ONNX needs beside pyannote.
EXPORT = ["onnx==1.17.0"]


def environment(name, packages):
    """The Python of an environment that has these packages."""
    base = pathlib.Path(os.environ.get("DIARIST_BENCHMARKS", pathlib.Path.home() / ".cache" / "diarist-benchmarks"))
    folder = base / name
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"making {folder}, which takes minutes", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        (folder / "complete").touch()
    return python


def pyannote():
    return environment("pyannote", PYANNOTE)


def exporter():
    """pyannote's environment with what the export needs besides."""
    python = pyannote()
    if subprocess.run([python, "-c", "import onnx"], stderr=subprocess.DEVNULL).returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "-q", *EXPORT], check=True)
    return python


def sherpa():
    return environment("sherpa", SHERPA)
