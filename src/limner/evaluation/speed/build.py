"""Speed and memory of building a corpus from lines of JSON, relative to parsing the JSON alone."""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from limner.corpus.doodles.make import make_doodles
from limner.errors import DataError
from limner.recipes.build import build
from limner.strokes.geometry import fitted

DOODLES = 2000
"""Distinct drawings of the file, if none are given."""
SIDE = 255.0
"""Longest side of their bounding boxes, as in QuickDraw's simplified drawings."""
LARGER = 10
"""Ratio of the numbers of drawings of the two files, to see whether memory grows with it."""


@dataclass(frozen=True)
class BuildTiming:
    """Time and memory of one build, or of parsing the JSON."""

    jobs: int
    """Processes; 0 for parsing the JSON alone, in one process."""
    drawings: int
    seconds: float
    drawings_per_s: float
    json_ratio: float
    """Time relative to parsing the JSON of the same file in one process."""
    peak_rss_mb: float
    """Peak memory of its largest process."""


@dataclass(frozen=True)
class BuildSpeed:
    """Time and memory of all builds."""

    recipe: str
    bytes_per_drawing: float
    """Mean size of a line."""
    runs: list[BuildTiming]
    memory_growth: dict[str, float]
    """For each number of processes, the ratio of peak memory for the larger file to that for the smaller."""


def bench_build(
    drawings: int, *, lines: Path | None, recipe: str, jobs: tuple[int, ...], tell: Callable[[str], None]
) -> BuildSpeed:
    """Time builds of two parquet corpora, one ten times as large as the other, each in a process of its own.

    Parameters
    ----------
    drawings : int
        Of the smaller file.
    lines : Path, optional
        An ``.ndjson`` file, whose lines are repeated under new keys; doodles unless given.
    recipe : str
        The recipe of the builds.
    jobs : tuple of int
        Numbers of processes to time.
    tell : callable
        Called with a line of text before each measurement.

    Raises
    ------
    DataError
        If the file holds no drawings.
    """
    runs: list[BuildTiming] = []
    with tempfile.TemporaryDirectory() as folder:
        for n in (drawings, LARGER * drawings):
            path = Path(folder, f"{n}.ndjson")
            size = _write(path, n, lines)
            tell(f"{n:,} drawings: JSON alone")
            bare, peak = _in_new_process(_read_json, path)
            runs.append(BuildTiming(0, n, bare, n / bare, 1.0, peak))
            for number in jobs:
                tell(f"{n:,} drawings: {number} process{'' if number == 1 else 'es'}")
                seconds, peak = _in_new_process(_build, path, recipe, number)
                runs.append(BuildTiming(number, n, seconds, n / seconds, seconds / bare, peak))
    return BuildSpeed(recipe, size / n, runs, _growth(runs, jobs))


def _growth(runs: list[BuildTiming], jobs: tuple[int, ...]) -> dict[str, float]:
    peaks = {number: [run.peak_rss_mb for run in runs if run.jobs == number] for number in jobs}
    return {str(number): large / small for number, (small, large) in peaks.items()}


# The file ----------------------------------------------------------------------------------------


def _write(path: Path, n: int, lines: Path | None) -> int:
    """Write ``n`` drawings, each under a key of its own; return the size in bytes."""
    records = _doodles() if lines is None else _records(lines)
    if not records:
        raise DataError(f"{lines} holds no drawings.")
    with path.open("w", encoding="utf-8") as file:
        for i, record in enumerate(islice(cycle(records), n)):
            file.write(json.dumps({**record, "key_id": str(i)}, separators=(",", ":")) + "\n")
    return path.stat().st_size


def _records(lines: Path) -> list[dict[str, Any]]:
    with lines.open(encoding="utf-8") as file:
        return [json.loads(line) for line in islice(file, DOODLES) if line.strip()]


def _doodles() -> list[dict[str, Any]]:
    return [
        {
            "word": doodle.label,
            "recognized": True,
            "drawing": [stroke.round().astype(int).T.tolist() for stroke in fitted(doodle, SIDE)],
        }
        for doodle in make_doodles(DOODLES, seed=0)
    ]


# The work ----------------------------------------------------------------------------------------


def _read_json(path: Path) -> None:
    with path.open("rb") as file:
        for line in file:
            json.loads(line)


def _build(path: Path, recipe: str, jobs: int) -> None:
    build([path], path.with_suffix(f".{jobs}.parquet"), recipe=recipe, jobs=jobs)


def _in_new_process(work: Callable[..., object], *arguments: Any) -> tuple[float, float]:
    """Run a function in a new process; return its seconds and the peak memory in MB of it or a child."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_measured, work, arguments).result()


def _measured(work: Callable[..., object], arguments: tuple[Any, ...]) -> tuple[float, float]:
    began = time.perf_counter()
    work(*arguments)
    seconds = time.perf_counter() - began
    per_mb = 2**20 if sys.platform == "darwin" else 2**10
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / per_mb
    return seconds, max(_own_peak_mb(), children)


def _own_peak_mb() -> float:
    """Return the peak memory of this process; that of ``getrusage`` includes the parent's before the fork."""
    status = Path("/proc/self/status")
    if status.is_file():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
