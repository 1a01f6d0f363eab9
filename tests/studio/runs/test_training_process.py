"""Trainings that outlive the studio: begun, found again, asked to end; nobody else's process is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.studio.runs.trainer import ENDING, FAILING, KILLED, script, wait_for

from limner.errors import LimnerError
from limner.studio.runs.run_store import run_facts
from limner.studio.runs.training_process import NICE, start_training, stop_training, training_in
from limner.training.run_lock import LOCK_NAME


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for a training of the stand-in; it has ended afterwards."""
    monkeypatch.setattr(sys, "executable", script(tmp_path))
    folder = tmp_path / "runs/run"
    folder.mkdir(parents=True)
    yield folder
    training = training_in(folder)
    if training is not None and training.running:
        stop_training(folder, now=True)
        wait_for(lambda: not is_running(folder))


def begin(run: Path) -> None:
    start_training(run, ["train", "birds", "--out", str(run)])


def is_running(run: Path) -> bool:
    training = training_in(run)
    return training is not None and training.running


def said(run: Path) -> str:
    return (run / "training.log").read_text()


def test_a_training_is_begun_and_asked_to_end(run: Path) -> None:
    assert training_in(run) is None
    begin(run)
    training = training_in(run)
    assert training is not None
    assert training.pid is not None
    assert (training.running, training.stop_requested) == (True, False)
    assert os.getpgid(training.pid) != os.getpgid(0)  # Ctrl-C in the studio's terminal does not reach it
    nice = min(os.getpriority(os.PRIO_PROCESS, 0) + NICE, 19)  # the most there is
    assert os.getpriority(os.PRIO_PROCESS, training.pid) == nice
    assert run_facts("run", run).state == "running"
    wait_for(lambda: "Training" in said(run))
    stop_training(run, now=False)
    wait_for(lambda: not is_running(run))
    assert "Interrupted." in said(run)
    assert run_facts("run", run).state == "stopped"


def test_a_training_that_was_asked_comes_to_its_end(run: Path) -> None:
    """It is not asked twice, which would end it at once."""
    begin(run)
    path = run / LOCK_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "asked": True}))
    assert run_facts("run", run).state == "stopping"
    stop_training(run, now=False)
    assert is_running(run)


def test_one_training_in_a_folder(run: Path) -> None:
    begin(run)
    with pytest.raises(LimnerError, match="goes on there already"):
        begin(run)


def test_a_training_is_found_by_another_studio(run: Path) -> None:
    """Which has not begun it: here, a process that knows nothing but the folder."""
    begin(run)
    code = (
        "import sys; from pathlib import Path; from limner.studio.runs.training_process import *\n"
        "run = Path(sys.argv[1]); assert training_in(run).running; stop_training(run, now=False)"
    )
    real = Path(os.__file__).parents[2] / "bin/python"
    interpreter = Path(sys.prefix) / "bin/python"
    subprocess.run([interpreter if interpreter.exists() else real, "-c", code, run], check=True)
    wait_for(lambda: not is_running(run))
    assert "Interrupted." in said(run)


def test_a_number_that_was_given_to_another_process_is_not_touched(run: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        note = {"pid": sleeper.pid, "begun": 0, "command": ["limner", "train"]}
        (run / LOCK_NAME).write_text(json.dumps(note))
        assert not is_running(run)
        for now in (False, True):
            with pytest.raises(LimnerError, match="No training"):
                stop_training(run, now=now)
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize("note", ["", "[]", "{", '{"pid": "x"}', '{"pid": -1}', '{"pid": 0}'])
def test_damaged_notes(run: Path, note: str) -> None:
    (run / LOCK_NAME).write_text(note)
    training = training_in(run)
    assert training is not None
    assert (training.pid, training.running) == (None, False)
    with pytest.raises(LimnerError, match="No training"):
        stop_training(run, now=True)


def test_links_are_not_followed(run: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("{}")
    (run / LOCK_NAME).symlink_to(tmp_path / "secret")
    assert training_in(run) is None
    with pytest.raises(LimnerError):
        begin(run)
    assert (tmp_path / "secret").read_text() == "{}"


@pytest.mark.parametrize(
    ("text", "state", "note"),
    [
        (ENDING, "finished", ""),
        (FAILING, "failed", "no.npz does not exist."),
        (KILLED, "failed", "It was broken off."),
        ("#!/bin/sh\necho Step 9; the best was step 9\n", "failed", "It was broken off."),
    ],
    ids=["finished", "failed", "killed", "killed early"],
)
def test_how_a_training_ended(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, state: str, note: str
) -> None:
    monkeypatch.setattr(sys, "executable", script(tmp_path, text))
    begin(run)
    wait_for(lambda: not is_running(run))
    facts = run_facts("run", run)
    assert (facts.state, facts.note) == (state, note)
    assert not facts.can_stop


def test_an_earlier_end_is_not_that_of_the_last_training(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resumed training that is killed before it writes anything leaves the former status."""
    for text, state in ((ENDING, "finished"), ("#!/bin/sh\nexit 1\n", "failed")):
        monkeypatch.setattr(sys, "executable", script(tmp_path, text))
        begin(run)
        wait_for(lambda: not is_running(run))
        assert run_facts("run", run).state == state


def test_a_training_can_be_begun_again(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says is added to what was said before."""
    monkeypatch.setattr(sys, "executable", script(tmp_path, ENDING))
    for _ in range(2):
        begin(run)
        wait_for(lambda: not is_running(run))
    assert said(run).count("Step 9") == 2


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(LimnerError, match="Cannot write"):
        begin(Path("/nonexistent/run"))
