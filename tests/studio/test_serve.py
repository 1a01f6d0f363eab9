"""A studio in a process of its own: it answers as soon as it says where, and goes quietly."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from tests.studio.conftest import PATIENT_SECONDS as PATIENT
from tests.studio.conftest import Server

from limner.errors import LimnerError
from limner.studio.serve import Settings, address_of, bound, open_house


def test_it_answers_as_soon_as_it_says_where(tmp_path: Path) -> None:
    server = Server(tmp_path / "kept")
    with urllib.request.urlopen(server.address + "api/studio", timeout=PATIENT) as answer:
        facts = json.load(answer)
    assert [model["id"] for model in facts["models"]] == ["doodles"]
    assert facts["corpus"] == "doodles"
    with urllib.request.urlopen(server.address, timeout=PATIENT) as answer:
        assert b"limner studio" in answer.read()
    assert server.stop() == ""
    assert server.process.returncode == 0
    assert not (tmp_path / "kept").exists()  # nothing was kept


def test_addresses() -> None:
    assert address_of("127.0.0.1", 8700, None) == "http://127.0.0.1:8700/"
    assert address_of("::1", 8700, "abc") == "http://[::1]:8700/?token=abc"


def test_ports_are_taken_once() -> None:
    with bound("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(LimnerError, match=f"Cannot serve at 127.0.0.1:{port}"):
            bound("127.0.0.1", port)


def test_models_of_one_name_are_told_apart(tmp_path: Path) -> None:
    settings = Settings(("doodles", "doodles"), None, None, tmp_path / "kept", "127.0.0.1", 0)
    house = open_house(settings)
    assert [loaded.id for loaded in house.shelf] == ["doodles", "doodles 2"]
    house.close()


def test_folders_are_settled_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no later change of the working folder leads elsewhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    house = open_house(Settings(("doodles",), None, Path("runs"), Path("kept"), "127.0.0.1", 0))
    assert (house.folders.kept, house.folders.runs) == (tmp_path / "kept", tmp_path / "runs")
    house.close()
