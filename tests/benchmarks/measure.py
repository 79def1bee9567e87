"""Runs processes and measures them; what they say comes back."""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass(frozen=True)
class Run:
    """Seconds that count, the most memory the process held, and what it printed."""

    seconds: float
    peak_bytes: int
    output: str


def measured(command, **variables):
    """Runs a command, with further environment variables; its seconds are those on the clock."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE, stderr=errors, text=True, env=os.environ | variables)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if process.returncode != 0:
            errors.seek(0)
            sys.stderr.write(errors.read()[-4000:])
            raise SystemExit(f"{command[0]} failed with status {process.returncode}")
    kilobyte = 1 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_maxrss * kilobyte, output)


def script(python, name, *arguments):
    """Runs a script of this folder that prints, last, the seconds that count."""
    run = measured([python, HERE / name, *arguments])
    return Run(float(run.output.split()[-1]), run.peak_bytes, run.output)


def diarist(model, audio, threads, *options, **variables):
    """The command line, from the start of the JVM to the last line of RTTM."""
    return measured([ROOT / "diarist", audio, "--model", model, "--threads", threads, *options], **variables)


KERNELS = "dev.diarist.nn.cpu.Vector*::*"

# Of the JVM, as the launcher gives them.
FLAGS = [
    "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
    "-XX:ObjectAlignmentInBytes=64", "-XX:CompileCommand=quiet",
    f"-XX:CompileCommand=BackgroundCompilation,{KERNELS},false",
    f"-XX:CompileCommand=CompileThresholdScaling,{KERNELS},0.004",
    "-XX:CompileCommand=dontinline,dev.diarist.nn.cpu.VectorWinograd::*",
    "-XX:CompileCommand=dontinline,dev.diarist.nn.cpu.VectorLstmCell::*",
    "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.*::impl*,0.03",
    "-XX:Tier4InvocationThreshold=50000", "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000", "-XX:Tier4BackEdgeThreshold=400000"]


def java(name, *arguments):
    """Runs a source file of this folder with the JDK that the launcher found, which it notes beside its cache."""
    home = (ROOT / "target" / "launcher-cached").read_text().strip()
    jars = f"{ROOT}/pipeline/target/*:{ROOT}/pipeline/target/lib/*"
    return measured([pathlib.Path(home, "bin", "java"), *FLAGS, "-cp", jars, HERE / name, *arguments])


def diarist_alone(model, audio, threads, mode):
    """The pipeline alone, as the others are timed: without the start of the JVM and the loading of the model."""
    run = java("DiarizeOnce.java", model, audio, threads, mode)
    rttm, _, seconds = run.output.rstrip().rpartition("\n")
    return Run(float(seconds), run.peak_bytes, rttm + "\n")


def build_diarist():
    """Lets the launcher build what is stale, so that no measured run does."""
    subprocess.run([ROOT / "diarist", "--version"], check=True, stdout=subprocess.DEVNULL)


def seconds_of(audio):
    with wave.open(str(audio)) as file:
        return file.getnframes() / file.getframerate()


def table(audio_seconds, rows):
    """One line for each name: medians of its runs."""
    print(f"{'':14} {'seconds':>9} {'RTF':>8} {'peak RSS':>10}")
    for name, runs in rows.items():
        seconds = statistics.median(run.seconds for run in runs)
        megabytes = statistics.median(run.peak_bytes for run in runs) / 2**20
        print(f"{name:14} {seconds:9.2f} {seconds / audio_seconds:8.4f} {megabytes:7.0f} MB")


def ratio(what, theirs, ours):
    """How many times faster ours is, run by run, because a machine's speed drifts."""
    ratios = [a.seconds / b.seconds for a, b in zip(theirs, ours)]
    print(f"{what}: ratio {statistics.median(ratios):.1f} (of each run: {', '.join(f'{r:.1f}' for r in ratios)})")
