"""A studio with a folder of runs, whose trainings a stand-in does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.studio.runs.trainer import script, wait_for

from limner.studio.access import AccessPolicy
from limner.studio.app import create_app
from limner.studio.context import StudioContext, StudioFolders
from limner.studio.model_library import CorpusSource, ModelLibrary


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of runs, for trainings of the stand-in."""
    monkeypatch.setattr(sys, "executable", script(tmp_path))
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def runs(root: Path) -> Iterator[TestClient]:
    """Return a client of a studio with a folder of runs; nothing goes on there afterwards."""
    context = StudioContext(ModelLibrary([], CorpusSource(None)), StudioFolders(root.parent / "kept", root))
    with TestClient(create_app(context, AccessPolicy()), base_url="http://localhost:8700") as client:
        yield client
        for run in client.get("/api/runs").json()["runs"]:
            if run["can_stop"]:
                client.post("/api/runs/stop", json={"run": run["name"], "now": True})
        wait_for(lambda: not client.get("/api/runs").json()["trainings"])
