"""Maps are made one at a time, by processes that end when they are told to, or with the studio."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.studio.conftest import PATIENT_SECONDS
from tests.studio.map.maps import order_of, write_toys

from limner.errors import LimnerError
from limner.studio.map import map_process as module
from limner.studio.map.make_map import DATA
from limner.studio.map.map_process import COMMAND, MapProcess

SLOW = """
import json, time
print(json.dumps({"stage": "Looking", "done": 3, "of": 9}), flush=True)
time.sleep(600)
"""
BAD = 'print(\'{"error": "It is damaged."}\', flush=True); raise SystemExit(1)'
WORSE = "raise SystemExit(3)"


@pytest.fixture
def map_process() -> Iterator[MapProcess]:
    map_process = MapProcess()
    yield map_process
    map_process.close()


def says(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", code))


def test_one_at_a_time(map_process: MapProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    says(monkeypatch, SLOW)
    rooms: list[int] = []
    job = map_process.start("a" * 16, "{}", tmp_path, lambda: rooms.append(1))
    assert map_process.start("a" * 16, "{}", tmp_path, lambda: rooms.append(2)) is job
    with pytest.raises(LimnerError, match="Another map is being made"):
        map_process.start("b" * 16, "{}", tmp_path, lambda: rooms.append(3))
    assert rooms == [1]
    until = time.monotonic() + PATIENT_SECONDS
    while job.of == 0 and time.monotonic() < until:
        time.sleep(0.02)
    assert (job.stage, job.done, job.of, job.running) == ("Looking", 3, 9, True)
    assert not map_process.stop("b" * 16)
    assert map_process.stop("a" * 16)
    assert not job.running
    assert job.process.poll() == -signal.SIGTERM
    assert job.error == module.STOPPED
    assert not map_process.stop("a" * 16)


@pytest.mark.parametrize(("code", "error"), [(BAD, "It is damaged."), (WORSE, module.FAILED)])
def test_faults_are_sentences(
    map_process: MapProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, error: str
) -> None:
    says(monkeypatch, code)
    job = map_process.start("a" * 16, "{}", tmp_path, lambda: None)
    assert job.ended.wait(PATIENT_SECONDS)
    assert job.error == error


@pytest.mark.slow
def test_a_real_map(map_process: MapProcess, tmp_path: Path) -> None:
    order = order_of(write_toys(tmp_path / "toys.parquet", 24), n=24)
    job = map_process.start(order.id, order.to_json(), tmp_path / "kept" / order.id, lambda: None)
    assert job.ended.wait(PATIENT_SECONDS)
    assert (job.error, job.stage) == ("", "Writing")
    assert (tmp_path / "kept" / order.id / DATA).is_file()


@pytest.mark.slow
def test_a_process_whose_studio_was_killed_ends_and_leaves_nothing(tmp_path: Path) -> None:
    order = order_of(write_toys(tmp_path / "toys.parquet", 24), n=24)
    process = subprocess.Popen(
        [*COMMAND, str(tmp_path / "kept" / "map"), order.to_json()],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    assert "Reading" in process.stdout.readline()
    process.stdout.close()  # as when the studio has gone
    assert process.wait(PATIENT_SECONDS) == 1
    assert process.stderr.read() == ""
    process.stderr.close()
    assert not (tmp_path / "kept").exists()
