"""Prints the diarization error rate and its parts: REFERENCE.rttm HYPOTHESIS.rttm AUDIO_SECONDS.

Without collar and with overlap, over the whole recording.
"""
import sys

from pyannote.core import Annotation, Segment, Timeline
from pyannote.database.util import load_rttm
from pyannote.metrics.diarization import DiarizationErrorRate


def annotation(path):
    """The one recording of an RTTM file; nobody speaks in an empty one."""
    return next(iter(load_rttm(path).values()), Annotation())


def main(reference, hypothesis, seconds):
    rate = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    whole = Timeline([Segment(0, float(seconds))])
    parts = rate(annotation(reference), annotation(hypothesis), uem=whole, detailed=True)
    total = parts["total"]
    print(
        f"DER against exact {100 * parts['diarization error rate']:.2f} % of {total:.1f} s of speech"
        f" (missed {parts['missed detection']:.2f} s, false alarm {parts['false alarm']:.2f} s,"
        f" confusion {parts['confusion']:.2f} s)")


if __name__ == "__main__":
    main(*sys.argv[1:])
