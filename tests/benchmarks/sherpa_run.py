"""Diarizes one recording of 16 kHz, one channel, 16 bits with sherpa-onnx: ONNX_FOLDER AUDIO THREADS.

Prints the turns, then the seconds of the diarization alone: imports and the loading of models are not counted. Clustering and
the shortest turns are those of sherpa-onnx's defaults.
"""
import array
import sys
import time
import wave

import sherpa_onnx


def samples_of(path, rate):
    with wave.open(path) as file:
        form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
        if form != (rate, 1, 2):
            raise SystemExit(f"{path} must have {rate} Hz, 1 channel and 2 bytes for each sample, has {form}")
        integers = array.array("h", file.readframes(file.getnframes()))
    return array.array("f", (value / 32768 for value in integers))


def main(folder, audio, threads):
    diarization = sherpa_onnx.OfflineSpeakerDiarization(sherpa_onnx.OfflineSpeakerDiarizationConfig(
        segmentation=sherpa_onnx.OfflineSpeakerSegmentationModelConfig(
            pyannote=sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(f"{folder}/segmentation.onnx"),
            num_threads=int(threads)),
        embedding=sherpa_onnx.SpeakerEmbeddingExtractorConfig(f"{folder}/embedding.onnx", num_threads=int(threads)),
        clustering=sherpa_onnx.FastClusteringConfig()))
    samples = samples_of(audio, diarization.sample_rate)
    start = time.perf_counter()
    turns = diarization.process(samples).sort_by_start_time()
    seconds = time.perf_counter() - start
    for turn in turns:
        print(f"{turn.start:.3f} {turn.end:.3f} {turn.speaker}")
    print(seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
