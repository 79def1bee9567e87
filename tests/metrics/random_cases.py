#!/usr/bin/env python3
"""Random references and hypotheses, and what pyannote.metrics makes of them, as JSON.

Usage: random_cases.py COUNT SEED
"""

import json
import sys
import warnings

import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics import detection, diarization, identification

warnings.filterwarnings("ignore")

METRICS = {
    "diarization_error_rate": diarization.DiarizationErrorRate,
    "greedy_diarization_error_rate": diarization.GreedyDiarizationErrorRate,
    "identification_error_rate": identification.IdentificationErrorRate,
    "identification_precision": identification.IdentificationPrecision,
    "identification_recall": identification.IdentificationRecall,
    "jaccard_error_rate": diarization.JaccardErrorRate,
    "detection_error_rate": detection.DetectionErrorRate,
    "detection_accuracy": detection.DetectionAccuracy,
    "detection_precision": detection.DetectionPrecision,
    "detection_recall": detection.DetectionRecall,
    "purity": diarization.DiarizationPurity,
    "coverage": diarization.DiarizationCoverage,
}


def turns(random, duration, count, names, step):
    """`step` > 0 puts boundaries on a grid, so that many of them, and many sums, are equal."""
    annotation = Annotation()
    for track in range(count):
        start = random.uniform(0, duration)
        end = start + random.exponential(duration / 8)
        if step:
            start, end = step * round(start / step), step * max(1, round(end / step))
        if end > start:
            annotation[Segment(float(start), float(end)), track] = str(random.choice(names))
    return annotation


def shaken(random, annotation, names):
    """The same turns with boundaries moved, some missing, some given to somebody else."""
    result = Annotation()
    renamed = {label: str(random.choice(names)) for label in annotation.labels()}
    for track, (segment, _, label) in enumerate(annotation.itertracks(yield_label=True)):
        if random.random() < 0.15:
            continue
        start, end = segment.start, segment.end
        if random.random() < 0.7:
            start, end = max(0.0, start + random.normal(0, 0.3)), end + random.normal(0, 0.3)
        if end > start:
            name = renamed[label] if random.random() < 0.85 else str(random.choice(names))
            result[Segment(float(start), float(end)), track] = name
    return result


def case(random):
    duration = float(random.choice([4, 20, 90, 600]))
    step = float(random.choice([0, 0, 0.25, 1]))
    # More than ten hypothesis speakers and more than 26 of the reference order as strings.
    speakers = [f"s{i}" for i in range(int(random.choice([1, 2, 5, 14, 30])))]
    reference = turns(random, duration, int(random.integers(0, 60)), speakers, step)
    names = speakers if random.random() < 0.3 else [f"h{i}" for i in range(len(speakers) + 1)]
    if random.random() < 0.7:
        hypothesis = shaken(random, reference, names)
    else:
        hypothesis = turns(random, duration, int(random.integers(0, 60)), names, step)
    uem = None
    if random.random() < 0.6:
        cuts = sorted(random.uniform(0, duration, 4))
        uem = Timeline([Segment(cuts[0], cuts[1]), Segment(cuts[2], cuts[3])])
    result = {
        "reference": dump(reference),
        "hypothesis": dump(hypothesis),
        "uem": None if uem is None else [[s.start, s.end] for s in uem],
        "collar": float(random.choice([0, 0.1, 0.25, 0.5, 1])),
        "skip_overlap": bool(random.random() < 0.5),
        "mapping": diarization.DiarizationErrorRate().optimal_mapping(reference, hypothesis, uem),
    }
    options = {key: result[key] for key in ("collar", "skip_overlap")}
    for name, metric in METRICS.items():
        try:
            values = metric(**options)(reference, hypothesis, uem=uem, detailed=True)
            result[name] = {component(name, key): float(value) for key, value in values.items()}
        except ZeroDivisionError as error:
            result[name] = {"error": f"ZeroDivisionError: {error}"}
    return result


def component(metric, key):
    """pyannote.metrics calls identification precision and recall by one word, with signs in it."""
    if metric in ("identification_precision", "identification_recall"):
        return key.replace("# ", "") if "#" in key else "identification " + key
    return key


def dump(annotation):
    return [[s.start, s.end, label] for s, _, label in annotation.itertracks(yield_label=True)]


if __name__ == "__main__":
    count, seed = map(int, sys.argv[1:])
    random = np.random.default_rng(seed)
    json.dump({"cases": [case(random) for _ in range(count)]}, sys.stdout)
