"""Ray does what one process does, and loses nothing when somebody is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.recipes.shards.lines import write_drawings
from tests.recipes.shards.on_ray import build

from limner.corpus.source import UNFINISHED
from limner.errors import LimnerError, MissingExtraError
from limner.recipes.engine import InProcess
from limner.recipes.shards import ray_engine
from limner.recipes.shards.ray_engine import RayEngine

ROOT = Path(__file__).parents[3]
PATIENCE_S = 400


def start(what: str, lines: Path, out: Path) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("on_ray.py")
    token = {"RAY_AUTH_TOKEN_PATH": str(out / "token"), "RAY_AUTH_MODE": "disabled"}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", str(script), what, str(lines), str(out)],
        env={**os.environ, **token, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def shards(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return write_drawings(tmp_path / "a.ndjson", 200)


@pytest.fixture
def wanted(lines: Path, tmp_path: Path) -> dict[str, bytes]:
    """Return the shards that one process makes."""
    build(lines, tmp_path / "wanted", InProcess())
    return shards(tmp_path / "wanted")


@pytest.mark.slow
def test_two_workers_one_worker_and_killed_workers(
    lines: Path, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    process = start("nodes", lines, tmp_path)
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, err[-3000:]
    told = json.loads(out.splitlines()[-1])
    assert shards(tmp_path / "two") == wanted
    assert shards(tmp_path / "one") == wanted
    assert told["lost"], "no worker was lost"
    assert told["names"] == ["mark-0", "mark-1", "mark-2"]
    assert told["refusal"] == "it is bad."


@pytest.mark.slow
def test_a_driver_that_was_killed(lines: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    """Whoever begins again, and be it another engine, does the rest and nothing else."""
    process = start("driver", lines, tmp_path)
    work, began = tmp_path / "killed" / UNFINISHED, time.monotonic()
    while len(done := list(work.glob("*.first.npz"))) < 5:
        assert process.poll() is None, process.communicate()[1][-3000:]
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE_S)
    assert work.is_dir(), "it was finished before it was killed"
    left = {path: path.stat().st_mtime_ns for path in done}
    seen: dict[Path, int] = {}

    def look(*_: int) -> None:
        seen.update({path: path.stat().st_mtime_ns for path in left if path.is_file()})

    time.sleep(1)  # the workers of the killed driver end, too
    build(lines, tmp_path / "killed", InProcess(), look)
    assert shards(tmp_path / "killed") == wanted
    assert seen == left


def test_without_ray_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"The engine ray needs .* 'limner\[cluster\]'"):
        RayEngine()


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_where_no_cluster_is_is_refused_at_once(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"{scheme}127.0.0.1:{taken.getsockname()[1]}"
        engine = RayEngine(address=address)
        with pytest.raises(LimnerError, match=rf"no Ray cluster at {address} \(connection refused\)"):
            engine.__enter__()
