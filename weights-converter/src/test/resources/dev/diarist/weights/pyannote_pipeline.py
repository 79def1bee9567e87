"""The pipeline of pyannote.audio itself: pyannote_pipeline.py make MODELS FOLDER | compare EXPECTED FOUND AUDIO.

make writes FOLDER, a pipeline with the segmentation of MODELS and an embedding network of random weights, as pyannote
saves them. compare loads both folders by their config.yaml, feeds both networks with the same noise, and diarizes the
first seconds of AUDIO with both pipelines: every number and every turn must be the same.
"""

import os
import sys

import numpy
import torch
from pyannote.audio import Model, Pipeline

SECONDS = 12


def make(models, folder):
    import shutil

    import lightning.pytorch as lightning
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import WeSpeakerResNet34

    for role in ("segmentation", "embedding"):
        os.makedirs(f"{folder}/{role}")
    for file in ("config.yaml", "segmentation/pytorch_model.bin"):
        shutil.copy(f"{models}/{file}", f"{folder}/{file}")
    torch.manual_seed(4)
    embedding = WeSpeakerResNet34()
    embedding.specifications = Specifications(Problem.REPRESENTATION, Resolution.CHUNK, 5.0, classes=["a", "b"])
    trainer = lightning.Trainer(logger=False, enable_checkpointing=False, accelerator="cpu", enable_progress_bar=False)
    trainer.strategy.connect(embedding)
    trainer.save_checkpoint(f"{folder}/embedding/pytorch_model.bin", weights_only=True)
    print("made")


def compare(expected, found, audio):
    from scipy.io import wavfile

    rate, samples = wavfile.read(audio)
    waveform = torch.from_numpy(samples[: SECONDS * rate].astype(numpy.float32) / 32768)[None]
    noise = torch.randn(2, 1, 160000, generator=torch.Generator().manual_seed(5))
    answers = []
    for folder in (expected, found):
        os.chdir(folder)  # the paths in config.yaml are relative
        answer = []
        for role in ("segmentation", "embedding"):
            with torch.inference_mode():
                answer.append(Model.from_pretrained(f"{role}/pytorch_model.bin").eval()(noise).numpy())
        pipeline = Pipeline.from_pretrained("config.yaml")
        turns = pipeline({"waveform": waveform, "sample_rate": rate})
        answer.append([(turn.start, turn.end, speaker) for turn, _, speaker in turns.itertracks(yield_label=True)])
        answers.append(answer)
    (segmentation, embedding, turns), others = answers
    assert numpy.isfinite(segmentation).all() and numpy.array_equal(segmentation, others[0])
    assert numpy.isfinite(embedding).all() and numpy.array_equal(embedding, others[1])
    assert turns and turns == others[2], (turns, others[2])
    print(f"same: {segmentation.size + embedding.size} numbers, {len(turns)} turns")


{"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
