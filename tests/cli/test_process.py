"""The command line as a process: signals, pipes, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

LIMNER = (sys.executable, "-m", "limner")
PATIENCE_S = 120.0
TINY = (
    *("--model.encoder.size", "8", "--model.decoder.size", "16", "--model.latent-size", "4"),
    *("--train.batch-size", "8", "--train.validate-every", "20"),
)

pytestmark = pytest.mark.slow


def finished(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [*LIMNER, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=PATIENCE_S)


def interrupted(
    *arguments: object, cwd: Path, when: Callable[[], bool]
) -> tuple[subprocess.Popen[str], str, str]:
    """Run a command, press Ctrl-C when it has come so far, and wait for its end."""
    command = [*LIMNER, *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=cwd) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not when() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    return process, out, err


def test_ctrl_c_ends_a_training_in_good_order_and_resume_goes_on(npz: Path, work: Path) -> None:
    run = work / "run"
    process, out, err = interrupted(
        *("train", npz, "--out", "run", *TINY, "--max-steps", 100_000),
        cwd=work,
        when=(run / "last.ckpt").exists,
    )
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert f"limner train {npz} --out run --resume" in out
    assert (run / "model.safetensors").is_file()
    step = int((run / "metrics.csv").read_text().splitlines()[-1].partition(",")[0])
    assert f"Step {step};" in out
    for more in (5, 10):
        done = finished("train", npz, "--out", "run", "--resume", "--max-steps", step + more, cwd=work)
        assert done.returncode == 0, done.stderr
        assert f"Step {step + more};" in done.stdout


def test_figures_go_to_stdout_and_bars_to_stderr(npz: Path, run: Path, work: Path) -> None:
    trained = finished("train", npz, "--out", "r", *TINY, "--max-steps", 2, cwd=work)
    assert (trained.returncode, trained.stdout.count("\n")) == (0, 1)
    for command in (
        ("data", "info", npz, "--json"),
        ("build", npz, "--out", "c.npz", "--json"),
        ("evaluate", run, "--json"),
    ):
        done = finished(*command, cwd=work)
        assert (done.returncode, done.stderr) == (0, "")
        assert isinstance(json.loads(done.stdout), dict)


def test_refusals(work: Path) -> None:
    for code, command in ((1, ("data", "info", "no.npz")), (2, ("sample",)), (2, ("data", "info", "--x"))):
        done = finished(*command, cwd=work)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("command", ["--help", "train --help", "data list", "data list --json"])
def test_nobody_reads_to_the_end(command: str, work: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        arguments = [*LIMNER, *command.split()]
        done = subprocess.run(
            arguments, stdout=closed, stderr=subprocess.PIPE, text=True, cwd=work, timeout=PATIENCE_S
        )
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk(work: Path) -> None:
    with Path("/dev/full").open("w") as full:
        arguments = [*LIMNER, "--version"]
        done = subprocess.run(
            arguments, stdout=full, stderr=subprocess.PIPE, text=True, cwd=work, timeout=PATIENCE_S
        )
    assert (done.returncode, done.stderr) == (1, "limner: no space left on device.\n")


def test_messages_without_utf_8(work: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "40"}
    arguments = [*LIMNER, "sample", "m", "-n", "0"]
    done = subprocess.run(
        arguments, capture_output=True, text=True, cwd=work, env=environment, timeout=PATIENCE_S
    )
    sentence = "limner sample: -n must be a whole number from 1 to 100000, not 0. See: limner sample --help\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


def test_second_ctrl_c_ends_a_training_at_once(npz: Path, work: Path) -> None:
    """Here in the middle of an endless validation, which the first one has asked for."""
    code = (
        "import os, signal, sys, time\n"
        "from limner.training.module import SketchModule\n"
        "def wait(self, batch, index):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(60)\n"
        "SketchModule.validation_step = wait\n"
        "from limner.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "train", str(npz), "--out", "run", *TINY, "--max-steps", "100000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=work) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not (work / "run" / "metrics.csv").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not (work / "run" / "last.ckpt").exists()


@pytest.mark.parametrize("plain", [True, False])
def test_no_color(plain: bool, work: Path) -> None:
    """On a terminal help pages are coloured, unless ``NO_COLOR`` says otherwise (no-color.org)."""
    pty = pytest.importorskip("pty", reason="there are no terminals here")
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1" if plain else ""}
    master, slave = pty.openpty()
    command = [*LIMNER, "completion", "--help"]
    subprocess.run(command, stdout=slave, env=environment, cwd=work, timeout=PATIENCE_S, check=True)
    os.close(slave)
    page = os.read(master, 1 << 20)
    os.close(master)
    assert b"usage:" in page
    assert (b"\x1b[" in page) is not plain
