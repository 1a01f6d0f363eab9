"""The folder of runs: what is found there, and how it stands."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from tests.studio.runs.trainer import make_run

from limner.errors import LimnerError
from limner.studio.runs.run_store import (
    find_run,
    flat_settings,
    last_step,
    log_of,
    run_facts,
    runs_in,
    sheets_of,
)


def aged(run: Path, seconds: float = 1000) -> Path:
    """Let a run have been written a while ago."""
    for path in (run / "metrics.csv", run / "config.toml"):
        os.utime(path, (time.time() - seconds,) * 2)
    return run


def test_runs_and_groups_of_runs(tmp_path: Path) -> None:
    """The newest first; what is deeper, hidden, or no run is left out."""
    aged(make_run(tmp_path / "old"), 3000)
    aged(make_run(tmp_path / "group/new"), 100)
    aged(make_run(tmp_path / "group/middle"), 2000)
    make_run(tmp_path / "group/deeper/still")
    make_run(tmp_path / ".hidden")
    make_run(tmp_path / "old/inside")  # of a run there are no more runs
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    assert list(runs_in(tmp_path)) == ["group/new", "group/middle", "old"]
    assert find_run(tmp_path, "group/new") == tmp_path / "group/new"
    assert runs_in(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../secret", "/etc", "group", "group/../old", ".hidden", "old/"]
)
def test_only_what_is_listed_is_found(tmp_path: Path, name: str) -> None:
    make_run(tmp_path / "runs/old")
    make_run(tmp_path / "runs/group/new")
    make_run(tmp_path / "runs/.hidden")
    make_run(tmp_path / "secret")
    with pytest.raises(LimnerError, match="no such run"):
        find_run(tmp_path / "runs", name)


def test_links_lead_nowhere(tmp_path: Path) -> None:
    secret, run = make_run(tmp_path / "secret"), make_run(tmp_path / "runs/run")
    (tmp_path / "runs/link").symlink_to(secret)
    (run / "samples/step-0000099.png").symlink_to(secret / "samples/step-0000010.png")
    (run / "training.log").symlink_to(secret / "metrics.csv")
    (run / "config.toml").unlink()
    (run / "config.toml").symlink_to(secret / "config.toml")
    assert runs_in(tmp_path / "runs") == {}
    assert 99 not in sheets_of(run)
    assert log_of(run) == ""
    assert flat_settings(run) == []


def test_facts(tmp_path: Path) -> None:
    facts = run_facts("run", aged(make_run(tmp_path / "run")))
    assert (facts.step, facts.max_steps, facts.sheets, facts.kind) == (20, 40, 2, "sketch_rnn")
    assert facts.corpus == ["birds.npz"]  # without its folder
    assert facts.size == (tmp_path / "run/metrics.csv").stat().st_size
    assert (facts.state, facts.can_stop, facts.can_resume, facts.has_model) == ("ended", False, False, False)
    for name in ("last.ckpt", "model.safetensors"):
        (tmp_path / "run" / name).write_bytes(b"x")
    facts = run_facts("run", tmp_path / "run")
    assert (facts.can_resume, facts.has_model) == (True, True)


def test_states_of_runs_that_no_studio_has_begun(tmp_path: Path) -> None:
    assert run_facts("a", make_run(tmp_path / "a")).state == "elsewhere"  # just written to
    assert run_facts("b", aged(make_run(tmp_path / "b", steps=40))).state == "finished"
    assert run_facts("c", aged(make_run(tmp_path / "c"))).state == "ended"


@pytest.mark.parametrize(
    ("state", "shown", "note"),
    [
        ("finished", "finished", ""),
        ("interrupted", "stopped", ""),
        ("failed", "failed", "NaN."),
        ("running", "failed", "It was broken off."),
    ],
)
def test_how_a_training_ended_stands_in_its_status(tmp_path: Path, state: str, shown: str, note: str) -> None:
    """Whatever its log says; one that runs where nothing can be locked is known by its metrics."""
    run = aged(make_run(tmp_path / "run"))
    (run / "training.log").write_text("Interrupted.\nStep 9; the best was step 9\n")
    (run / "status.json").write_text(json.dumps({"state": state, "sentence": "NaN.", "updated": 1.0}))
    facts = run_facts("run", run)
    assert (facts.state, facts.note) == (shown, note)
    aged(run, 0)
    assert run_facts("run", run).state == ("elsewhere" if state == "running" else shown)


def test_damaged_runs_are_listed_all_the_same(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run")
    (run / "config.toml").write_bytes(b"\xff = [")
    (run / "metrics.csv").write_bytes(b"\x00\xff\n,,,\nstep\n-1,2\n")
    aged(run)
    facts = run_facts("run", run)
    assert (facts.step, facts.max_steps, facts.corpus, facts.kind) == (0, 0, [], "")
    assert facts.state == "ended"


def test_the_last_step(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", steps=4000)
    assert last_step(run) == 4000
    with (run / "metrics.csv").open("a") as file:
        file.write("4001,0.")
    assert last_step(run) == 4000


def test_settings_are_dotted_names(tmp_path: Path) -> None:
    found = {setting.name: setting.value for setting in flat_settings(make_run(tmp_path / "run"))}
    assert found["max_steps"] == "40"
    assert found["model.conditional"] == "true"
    assert found["train.learning_rate"] == "0.001"


def test_sheets_in_order(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", steps=30)
    (run / "samples/step-0000005.png").write_bytes(b"x")
    (run / "samples/other.png").write_bytes(b"x")
    assert list(sheets_of(run)) == [5, 10, 20, 30]


def test_what_a_training_said(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run")
    (run / "training.log").write_bytes(
        "\x1b[1mTraining ━━ 3/9\x1b[0m\rTraining ━━ 9/9\n\nStep 9.\x07\n".encode()
    )
    assert log_of(run) == "Training ━━ 3/9\nTraining ━━ 9/9\nStep 9."
