"""The Runs room's interface: runs are watched, begun, stopped and gone on with; none leaves the folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.studio.runs.trainer import FAILING, SHEET, make_run, script, wait_for

from limner.models.weights import find_weights
from limner.studio.limits import Limits

PLAN = {"name": "first", "corpus": "doodles", "preset": "fast", "max_steps": 9}


def get(client: TestClient, what: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/runs{what}", params=query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


def state(client: TestClient, run: str = "first") -> str:
    return str(get(client, "/facts", run=run)["state"])


def refused(client: TestClient, what: str, body: dict[str, Any]) -> str:
    answer = client.post(f"/api/runs{what}", json=body)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["detail"])


# Watching ----------------------------------------------------------------------------------------


def test_a_studio_without_runs_says_so(client: TestClient) -> None:
    for what in ("", "/facts?run=x", "/metrics?run=x", "/settings?run=x", "/sheets?run=x", "/log?run=x"):
        answer = client.get(f"/api/runs{what}")
        assert answer.status_code == 400
        assert "--runs DIR" in answer.json()["detail"]


def test_runs_are_listed(runs: TestClient, root: Path) -> None:
    make_run(root / "one")
    make_run(root / "group/two")
    found = get(runs, "")
    assert {run["name"] for run in found["runs"]} == {"one", "group/two"}
    assert (found["trainings"], found["most_trainings"]) == (0, 1)


def test_what_a_run_tells(runs: TestClient, root: Path) -> None:
    make_run(root / "group/two")
    metrics = get(runs, "/metrics", run="group/two")
    assert metrics["columns"] == ["step", "train_cost", "valid_cost"]
    assert len(metrics["rows"]) == 20
    again = get(runs, "/metrics", run="group/two", after=metrics["next"], mark=metrics["mark"])
    assert again["rows"] == []
    settings = get(runs, "/settings", run="group/two")["settings"]
    assert {"name": "seed", "value": "3"} in settings
    assert get(runs, "/sheets", run="group/two")["steps"] == [10, 20]
    sheet = runs.get("/api/runs/sheet", params={"run": "group/two", "step": 20})
    assert sheet.headers["content-type"] == "image/png"
    assert sheet.content == SHEET
    assert runs.get("/api/runs/sheet", params={"run": "group/two", "step": 15}).status_code == 400
    assert get(runs, "/log", run="group/two")["text"] == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["..", "../secret", "/etc", "one/../../secret", "one/samples", ""])
def test_no_run_outside_is_opened(runs: TestClient, root: Path, name: str) -> None:
    make_run(root / "one")
    make_run(root.parent / "secret")
    for what in ("facts", "metrics", "settings", "sheets", "log"):
        answer = runs.get(f"/api/runs/{what}", params={"run": name})
        assert answer.status_code == 400
        assert answer.json()["detail"] == "There is no such run here."
    for what in ("stop", "resume", "draw"):
        assert refused(runs, f"/{what}", {"run": name}) == "There is no such run here."


# Trainings ---------------------------------------------------------------------------------------


def test_plans(runs: TestClient) -> None:
    plans = get(runs, "/plans")
    assert {"name": "doodles", "drawings": None} in plans["corpora"]
    assert "small-corpus" in [preset["name"] for preset in plans["presets"]]
    assert plans["starts"] == [loaded.id for loaded in runs.app.state.context.library]  # type: ignore[attr-defined]


def test_a_training_begins_and_ends(runs: TestClient, root: Path) -> None:
    begun = runs.post("/api/runs", json=PLAN).json()
    assert begun["run"] == "first"
    assert begun["command"].startswith("limner train doodles --out ")
    assert state(runs) == "running"
    wait_for(lambda: (root / "first/training.log").read_text() != "")
    facts = runs.post("/api/runs/stop", json={"run": "first"}).json()
    assert facts["state"] in ("stopping", "stopped")
    wait_for(lambda: state(runs) == "stopped")
    called = (root / "first.called").read_text()
    assert called.strip() == f"-P -m {begun['command']}"
    assert "No training" in refused(runs, "/stop", {"run": "first"})


@pytest.mark.slow
def test_not_too_many_at_once(runs: TestClient) -> None:
    runs.post("/api/runs", json=PLAN)
    assert "1 may at once" in refused(runs, "", {**PLAN, "name": "second"})
    runs.app.state.context.limits = Limits(concurrent_trainings=2)  # type: ignore[attr-defined]
    assert runs.post("/api/runs", json={**PLAN, "name": "second"}).status_code == 200
    assert get(runs, "")["trainings"] == 2


def test_no_run_is_written_over(runs: TestClient, root: Path) -> None:
    make_run(root / "first")
    (root / "link").symlink_to(root.parent)
    assert "choose another name" in refused(runs, "", PLAN)
    assert "choose another name" in refused(runs, "", {**PLAN, "name": "link"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"corpus": "/etc/passwd"}, "no such corpus"),
        ({"corpus": "../kept"}, "no such corpus"),
        ({"preset": "fst"}, "did you mean 'fast'"),
        ({"start": "../secret"}, "no such model"),
    ],
)
def test_plans_that_cannot_be_followed(
    runs: TestClient, root: Path, change: dict[str, str], words: str
) -> None:
    assert words in refused(runs, "", {**PLAN, **change})
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "a/b", ".x", "", "x" * 65])
def test_names_that_lead_elsewhere(runs: TestClient, root: Path, name: str) -> None:
    assert runs.post("/api/runs", json={**PLAN, "name": name}).status_code == 422
    assert list(root.iterdir()) == []


def test_going_on(runs: TestClient, root: Path) -> None:
    run = make_run(root / "first", corpus="birds.npz")
    assert "no checkpoint" in refused(runs, "/resume", {"run": "first"})
    (run / "last.ckpt").write_bytes(b"x")
    wait = get(runs, "/facts", run="first")
    assert wait["state"] == "elsewhere"  # it was written to just now
    assert "or it goes on" in refused(runs, "/resume", {"run": "first"})
    age(run)
    begun = runs.post("/api/runs/resume", json={"run": "first", "max_steps": 50}).json()
    assert begun["command"].endswith("--resume --max-steps 50")
    assert "/somewhere/birds.npz" in begun["command"]
    assert "or it goes on" in refused(runs, "/resume", {"run": "first"})


def test_why_a_training_failed(runs: TestClient, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", script(root.parent, FAILING))
    runs.post("/api/runs", json=PLAN)
    wait_for(lambda: state(runs) != "running")
    assert get(runs, "/facts", run="first")["note"] == "no.npz does not exist."
    assert get(runs, "/log", run="first")["text"] == "limner: anything else"


def test_a_runs_model_can_be_drawn_with(runs: TestClient, root: Path) -> None:
    run = make_run(root / "first")
    assert "no model yet" in refused(runs, "/draw", {"run": "first"})
    shutil.copy(find_weights("doodles"), run / "model.safetensors")
    for _ in range(2):  # the same model is put there once
        assert runs.post("/api/runs/draw", json={"run": "first"}).json() == {"model": "first"}
    assert [model["id"] for model in runs.get("/api/studio").json()["models"]] == ["first"]


def age(run: Path) -> None:
    """Let a run have been written a while ago."""
    for path in run.glob("*"):
        os.utime(path, (path.stat().st_mtime - 1000,) * 2)
