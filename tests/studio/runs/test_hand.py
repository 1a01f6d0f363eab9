"""A new hand: pictures are uploaded, a training begins with them, and it can be drawn with by its name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.studio.runs.test_room import get, refused, state
from tests.studio.runs.trainer import FAILING, make_run, script, wait_for
from tests.studio.scan.pictures import doodle_page

from limner.corpus.doodles.make import make_doodles
from limner.models.weights import find_weights
from limner.studio.corpora import add_drawings
from limner.studio.runs import hand

PICTURE = doodle_page(seed=1, side=60, pen_px=1.5)


def upload(client: TestClient, name: str = "page.png", of: str = "mine", body: bytes = PICTURE) -> Any:
    query = {"hand": of, "name": name}
    return client.post(
        "/api/runs/hand/pictures", params=query, content=body, headers={"Content-Type": "image/png"}
    )


def called(root: Path, name: str = "mine") -> str:
    """Return the command line of the stand-in."""
    path = root / f"{name}.called"
    wait_for(path.is_file)
    wait_for(lambda: bool(path.read_text()))
    return path.read_text()


def test_from_pictures(runs: TestClient, root: Path) -> None:
    assert upload(runs).json() == {"name": "page.png", "pictures": 1}
    assert upload(runs, "../../etc/two.jpg").json() == {"name": "two.jpg", "pictures": 2}
    assert upload(runs, "page.png").json()["pictures"] == 2  # sent again
    begun = runs.post("/api/runs/hand", json={"name": "mine", "source": "pictures", "minutes": 3}).json()
    assert begun["run"] == "mine/run"
    assert begun["command"].startswith("limner learn ")
    folder = root.parent / "kept/hands/mine"
    assert sorted(path.name for path in folder.iterdir()) == ["page.png", "two.jpg"]
    assert f"learn {folder} --out {root / 'mine'} --minutes 3" in called(root)
    assert state(runs, "mine/run") == "running"
    assert [facts["name"] for facts in get(runs, "")["runs"]] == ["mine/run"]
    wait_for(lambda: get(runs, "/facts", run="mine/run")["doing"] == "Training 0/9")
    assert "already" in upload(runs).json()["detail"]
    assert refused(runs, "/hand", {"name": "other", "source": "pictures"}).startswith("mine is training")


def test_from_what_is_kept_and_from_a_corpus(runs: TestClient, root: Path) -> None:
    kept = root.parent / "kept"
    doodles = [doodle.to_svg() for doodle in make_doodles(2, seed=3)]
    add_drawings(kept, "birds", [(f"b{k}", svg) for k, svg in enumerate(doodles)], 10)
    (kept / "one.svg").write_text(doodles[0])
    assert get(runs, "/plans")["kept"] == 1
    begun = runs.post("/api/runs/hand", json={"name": "a", "source": "keep"}).json()
    assert f"learn {kept / 'one.svg'} --out" in begun["command"]
    runs.post("/api/runs/stop", json={"run": "a/run", "now": True})
    wait_for(lambda: not get(runs, "")["trainings"])
    begun = runs.post("/api/runs/hand", json={"name": "b", "source": "corpus", "corpus": "birds"}).json()
    assert f"learn {kept / 'corpora/birds'} --out" in begun["command"]


def test_what_is_refused(runs: TestClient, root: Path) -> None:
    assert "no picture" in upload(runs, "notes.txt").json()["detail"]
    assert "no picture" in upload(runs, body=b"").json()["detail"]
    assert upload(runs, of="../up").status_code == 422
    assert list((root.parent / "kept/hands").iterdir()) == []
    assert "no pictures yet" in refused(runs, "/hand", {"name": "x", "source": "pictures"})
    assert "Nothing is kept" in refused(runs, "/hand", {"name": "x", "source": "keep"})
    assert "no such corpus" in refused(runs, "/hand", {"name": "x", "source": "corpus", "corpus": "/etc"})
    assert list(root.iterdir()) == []


def test_too_many_pictures(runs: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    context = runs.app.state.context  # type: ignore[attr-defined]
    monkeypatch.setattr(context, "limits", type(context.limits)(hand_pictures=1))
    assert upload(runs).status_code == 200
    assert "1 pictures at most" in upload(runs, "b.png").json()["detail"]


def test_why_it_failed_is_said(
    runs: TestClient,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing = FAILING.replace("status failed", "true")  # before it has a status
    monkeypatch.setattr("sys.executable", script(root.parent, failing))
    upload(runs)
    runs.post("/api/runs/hand", json={"name": "mine", "source": "pictures"})
    wait_for(lambda: state(runs, "mine/run") == "failed")
    assert get(runs, "/facts", run="mine/run")["note"] == "anything else"


def test_a_hand_is_drawn_with_by_its_name(runs: TestClient, root: Path) -> None:
    make_run(root / "mine/run")
    assert runs.get("/api/studio").json()["hands"] == []
    shutil.copyfile(find_weights("doodles"), root / "mine/run/model.safetensors")
    assert runs.get("/api/studio").json()["hands"] == ["mine/run"]
    assert runs.post("/api/runs/draw", json={"run": "mine/run"}).json() == {"model": "mine"}
    assert [model["id"] for model in runs.get("/api/studio").json()["models"]] == ["mine"]


@pytest.mark.parametrize("there", [True, False])
def test_the_preset_that_suits_is_said(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    monkeypatch.setattr("limner.training.suggestion.shipped_names", lambda: ["sketches"] * there)
    few, many = hand.advice(1, 10), hand.advice(20_000, 600)
    assert few.preset == ("hand" if there else "fast")
    assert few.sentence.startswith("1 drawing: ")
    assert ("sketches" in few.sentence) == there
    assert many.sentence == (
        "20,000 drawings: enough to begin from nothing, with the preset magenta. "
        "It takes 600 minutes at most."
    )
