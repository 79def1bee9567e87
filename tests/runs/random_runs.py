#!/usr/bin/env python3
"""Random recordings with random options, and what pyannote.audio makes of them, as JSON on standard output.

Usage: random_runs.py COUNT SEED MODEL_FOLDER SPEECH_FOLDER OUT_FOLDER

Recordings are mixed from the speech files (FLAC, 16 kHz, SPEAKER-….flac) and written to OUT_FOLDER in a random format, rate,
number of channels and length; each is then diarized several times, and its regions of speech and overlap are detected.

Where several local speakers have the very same embedding (masks that vanish), a constrained assignment may be a tie that
rounding decides. A run is `unsettled` where pyannote itself gives another RTTM for embeddings that differ by float32 noise.
"""
import contextlib
import json
import pathlib
import random as python_random
import sys
import warnings

import numpy as np
import soundfile
import torch
import torchaudio

warnings.filterwarnings("ignore")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "benchmarks"))

from pyannote_run import accept_any_width
from pyannote.audio.pipelines import OverlappedSpeechDetection, SpeakerDiarization, VoiceActivityDetection
from pyannote.core import Annotation, Segment

RATES = [8000, 11025, 12000, 16000, 16000, 22050, 24000, 32000, 44100, 48000]
NOISE = 1e-5  # of the largest value of an embedding
TRIALS = 20
FORMATS = [
    ("wav", "PCM_U8"), ("wav", "PCM_16"), ("wav", "PCM_16"), ("wav", "PCM_24"), ("wav", "PCM_32"), ("wav", "FLOAT"),
    ("wav", "DOUBLE"), ("wav", "ULAW"), ("wav", "ALAW"), ("flac", "PCM_S8"), ("flac", "PCM_16"), ("flac", "PCM_24"),
    ("aiff", "PCM_S8"), ("aiff", "PCM_16"), ("aiff", "PCM_24"), ("aiff", "FLOAT"), ("au", "PCM_16"), ("au", "FLOAT"),
    ("au", "ULAW")]
METHODS = ["average", "centroid", "centroid", "centroid", "complete", "median", "single", "ward", "weighted"]


def ties():
    """Which of equal values this numpy sorts first, as Diarist calls it: that depends on its version and on the processor."""
    order = np.argsort(-np.array([0, 0, 5, 5], np.float32)).tolist()
    return {(3, 2, 1, 0): "numpy-x86", (2, 3, 0, 1): "lowest-first"}[tuple(order)]


def pick(random, values):
    return values[int(random.integers(len(values)))]


def conversation(random, speech, seconds):
    """Mono at 16 kHz, and who spoke when; voices overlap, and come back."""
    names = sorted({file.name.split("-")[0] for file in speech})
    voices = [names[i] for i in random.permutation(len(names))[: int(random.integers(1, 6))]]
    sound = np.zeros(int(seconds * 16000), dtype=np.float32)
    reference = Annotation()
    at = float(random.exponential(0.5))
    while at < seconds:
        voice = pick(random, voices)
        file = pick(random, [f for f in speech if f.name.startswith(voice + "-")])
        said, _ = soundfile.read(file, dtype="float32")
        length = min(len(said), int(random.uniform(0.3, 7) * 16000))
        start = int(random.integers(len(said) - length + 1))
        first = int(at * 16000)
        said = said[start: start + length][: len(sound) - first]
        sound[first: first + len(said)] += said * float(random.uniform(0.3, 1.5))
        if len(said) > 0:
            reference[Segment(first / 16000, (first + len(said)) / 16000), len(reference)] = voice
        at = max(0.0, at + len(said) / 16000 + float(random.normal(0.2, 1.0)))
        if len(said) == 0:
            break
    return sound, reference


def length(random):
    """Seconds, often just at the end of a chunk."""
    if random.random() < 0.3:
        return float(pick(random, [10, 11, 12, 20])) + float(pick(random, [0, -1, 1])) / 16000
    return float(random.uniform(0.3, 60))


def recording(random, speech, folder, number):
    """Writes one; its path, the channel to hear or None, and who spoke when."""
    seconds = length(random)
    sound, reference = conversation(random, speech, seconds)
    rate = pick(random, RATES) if random.random() < 0.8 else 50 * int(random.integers(160, 961))
    mono = torchaudio.functional.resample(torch.from_numpy(sound), 16000, rate).numpy()
    if random.random() < 0.1:
        mono = mono * 8  # clips
    count = pick(random, [1, 1, 1, 2, 2, 3, 6, 8])
    channels = np.stack(
        [np.roll(mono, int(random.integers(0, 40))) * random.uniform(0.2, 1) for _ in range(count)], axis=1)
    channels = channels + random.normal(0, pick(random, [0, 1e-4, 3e-3]), channels.shape)
    extension, subtype = pick(random, FORMATS)
    path = folder / f"random-{number}.{extension}"
    soundfile.write(path, channels.astype(np.float32), rate, subtype=subtype)
    heard = int(random.integers(count)) if count > 1 and random.random() < 0.5 else None
    return path, heard, reference


def speakers(random):
    kind = pick(random, ["none", "none", "num", "min", "max", "between"])
    low, high = sorted(int(n) for n in random.integers(1, 7, 2))
    return {"none": {}, "num": {"num_speakers": low}, "min": {"min_speakers": low}, "max": {"max_speakers": high},
            "between": {"min_speakers": low, "max_speakers": high}}[kind]


def clustering(random):
    method = pick(random, METHODS)
    highest = {"ward": 3.0, "single": 0.6}.get(method, 1.3)
    return {
        "clustering.method": method,
        "clustering.threshold": float(random.uniform(0.05, highest)) if random.random() < 0.8 else 0.7045654963945799,
        "clustering.min_cluster_size": int(pick(random, [1, 2, 4, 12, 20])),
        "segmentation.min_duration_off": float(pick(random, [0, 0, 0.1, 0.5, 1.5])),
        "clustering.constrained_assignment": bool(random.random() < 0.25),
        "clustering.max_num_embeddings": int(random.integers(2, 40)) if random.random() < 0.15 else None,
        "clustering.seed": int(random.integers(1000)),
    }


class Models:
    """Pipelines over one model; the networks run once for each recording and step."""

    def __init__(self, model):
        accept_any_width(f"{model}/embedding/pytorch_model.bin")
        self.networks = dict(
            segmentation=f"{model}/segmentation/pytorch_model.bin", embedding=f"{model}/embedding/pytorch_model.bin",
            segmentation_batch_size=32, embedding_batch_size=32)

    def pipeline(self, step, exclude_overlap):
        return SpeakerDiarization(
            segmentation_step=step, embedding_exclude_overlap=exclude_overlap, clustering="AgglomerativeClustering",
            **self.networks)

    def diarizer(self, step, exclude_overlap):
        pipeline = self.pipeline(step, exclude_overlap)
        once(pipeline, "get_segmentations")
        once(pipeline, "get_embeddings")
        return pipeline

    def oracle(self, step):
        return SpeakerDiarization(segmentation_step=step, clustering="OracleClustering", **self.networks)

    def regions(self, region):
        kind = VoiceActivityDetection if region == "SPEECH" else OverlappedSpeechDetection
        return kind(segmentation=self.networks["segmentation"], batch_size=32)


def once(pipeline, name):
    """Makes a method of one recording compute once."""
    compute, kept = getattr(pipeline, name), []

    def method(*arguments, **options):
        if not kept:
            kept.append(compute(*arguments, **options))
        data = kept[0]
        return data.copy() if isinstance(data, np.ndarray) else data

    setattr(pipeline, name, method)


def noisy(embeddings, trial):
    """With noise that is the same for equal embeddings."""
    rows = embeddings.reshape(-1, embeddings.shape[-1])
    unique, place = np.unique(rows, axis=0, return_inverse=True)
    noise = np.random.default_rng(trial).normal(0, NOISE, unique.shape) * np.abs(unique).max(axis=1, keepdims=True)
    return (unique + noise).astype(rows.dtype)[place.reshape(-1)].reshape(embeddings.shape)


def settled(pipeline, file, parameters, bounds, result):
    """Whether embeddings with noise give the same."""
    exact = pipeline.get_embeddings
    try:
        for trial in range(TRIALS):
            pipeline.get_embeddings = lambda *args, **options: noisy(exact(*args, **options), trial)
            if diarize(pipeline, file, parameters, bounds) != result:
                return False
    finally:
        pipeline.get_embeddings = exact
    return True


def diarize(pipeline, file, parameters, bounds):
    grouped = {}
    for name, value in parameters.items():
        group, key = name.split(".")
        if key in ("constrained_assignment", "max_num_embeddings"):
            setattr(pipeline.clustering, key, np.inf if value is None else value)
        elif key != "seed":
            grouped.setdefault(group, {})[key] = value
    pipeline.instantiate(grouped)
    python_random.seed(parameters.get("clustering.seed", 0))
    return outcome(lambda: pipeline(dict(file), **bounds))


def outcome(run):
    try:
        return {"rttm": run().to_rttm()}
    except Exception as error:  # whatever pyannote raises is a result too
        return {"error": f"{type(error).__name__}: {error}"}


def case(random, models, speech, folder, number):
    path, channel, reference = recording(random, speech, folder, number)
    file = {"audio": str(path)} if channel is None else {"audio": str(path), "channel": channel}
    step = float(pick(random, [0.1, 0.1, 0.05, 0.2, 0.25, 0.5, 1.0]))
    exclude_overlap = bool(random.random() < 0.7)
    runs = []
    pipeline = models.diarizer(step, exclude_overlap)
    for _ in range(6):
        parameters, bounds = clustering(random), speakers(random)
        result = diarize(pipeline, file, parameters, bounds)
        given = {name: value for name, value in parameters.items() if value is not None}
        unsettled = not settled(pipeline, file, parameters, bounds, result)
        runs.append({"parameters": given, "speakers": bounds, "unsettled": unsettled} | result)
    filled = {"segmentation.min_duration_off": float(pick(random, [0, 0.5]))}
    told = diarize(models.oracle(step), file | {"annotation": reference}, filled, {})
    regions = []
    for region in ("SPEECH", "OVERLAP"):
        on, off = float(pick(random, [0, 0.2])), float(pick(random, [0, 0.3]))
        pipeline = models.regions(region)
        pipeline.instantiate({"min_duration_on": on, "min_duration_off": off})
        regions.append({"region": region, "min_duration_on": on, "min_duration_off": off}
                       | outcome(lambda: pipeline(dict(file))))
    info = soundfile.info(path)
    return {
        "name": f"{path.name}, {info.subtype}, {info.samplerate} Hz, {info.channels} channels, {info.frames} frames",
        "audio": str(path), "channel": channel, "segmentation_step": step,
        "embedding_exclude_overlap": exclude_overlap, "runs": runs,
        "reference": [[s.start, s.end, label] for s, _, label in reference.itertracks(yield_label=True)],
        "oracle": {"parameters": filled} | told, "regions": regions}


def main(count, seed, model, speech, folder):
    torch.set_num_threads(1)
    random = np.random.default_rng(int(seed))
    folder = pathlib.Path(folder)
    files = sorted(pathlib.Path(speech).glob("*.flac"))
    models = Models(model)
    with contextlib.redirect_stdout(sys.stderr):  # pyannote prints notices
        cases = [case(random, models, files, folder, number) for number in range(int(count))]
    json.dump({"ties": ties(), "cases": cases}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
