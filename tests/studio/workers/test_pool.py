"""Workers: bounded in time and memory, ended when they break, begun anew afterwards."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import LimnerError
from limner.studio.deadline import DeadlineError
from limner.studio.limits import Limits
from limner.studio.workers.pool import Workers

LINE = '<svg xmlns="http://www.w3.org/2000/svg"><path fill="none" stroke="red" d="M0 0L9 9"/></svg>'
LONG = f'<svg xmlns="http://www.w3.org/2000/svg"><path stroke="red" d="M0 0{"l1 1" * 700_000}"/></svg>'


@pytest.fixture
def own() -> Iterator[Workers]:
    """Return workers for one test."""
    workers = Workers(replace(Limits(), concurrent_jobs=1))
    yield workers
    workers.close()


def _read(workers: Workers, text: str, seconds: float = 300.0) -> int:
    """Read an SVG document; return how many strokes it has."""
    answer = workers.ask("svg", {"text": text, "name": "x.svg"}, seconds)
    return len(json.loads(answer)["strokes"])


@pytest.mark.slow
def test_work_is_done(workers: Workers) -> None:
    assert _read(workers, LINE) == 1


@pytest.mark.slow
def test_a_fault_is_a_sentence(workers: Workers) -> None:
    with pytest.raises(LimnerError, match=r"^x\.svg .*\.$"):
        _read(workers, "<svg")


@pytest.mark.slow
def test_what_takes_too_long_is_ended(own: Workers) -> None:
    """And the next one is served."""
    with pytest.raises(DeadlineError, match="too long to read"):
        _read(own, LONG, seconds=0.1)
    assert _read(own, LINE) == 1


@pytest.mark.slow
def test_what_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (8000, 8000), 255).save(tmp_path / "x.png")
    asked = {
        "id": "x", "path": str(tmp_path / "x.png"), "options": {}, "max_pixels": 10**8, "max_knots": 100,
        "job_seconds": 1000.0,
    }  # fmt: skip
    workers = Workers(replace(Limits(), concurrent_jobs=1, worker_bytes=700_000_000))
    try:
        with pytest.raises(LimnerError, match="more memory"):
            workers.ask("preview", asked, 300.0)
        assert _read(workers, LINE) == 1
    finally:
        workers.close()


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(own: Workers) -> None:
    assert _read(own, LINE) == 1
    (worker,) = own._idle
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    assert _read(own, LINE) == 1


def test_one_that_dies_at_work_is_a_sentence(own: Workers) -> None:
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_read, own, LONG)
        while not own._busy:
            pass
        own._busy[0].kill()
        with pytest.raises(LimnerError, match="could not be read"):
            asked.result()


def test_closed_workers_take_nothing(own: Workers) -> None:
    own.kill()
    with pytest.raises(LimnerError, match="being closed"):
        _read(own, LINE)


def test_work_goes_to_whoever_may_remember_the_last() -> None:
    one = Workers(Limits())
    try:
        first, second = (one._acquire(key) for key in ("a", "b"))
        one._release(first)
        one._release(second)
        assert one._acquire("a") is first
        one._release(first)
        assert one._acquire("b") is second
        one._release(second)
    finally:
        one.close()
