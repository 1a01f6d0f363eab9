"""The folder of runs: which there are, and what their files say.

A run is a folder with ``config.toml``, or one in which a training has just begun, in the folder that was
given at start or one level deeper. Links are left out, so that no path leads out of that folder.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from limner.errors import LimnerError
from limner.models.weights import FILE_NAME
from limner.settings import flatten
from limner.studio.context import House
from limner.studio.runs.keeper import Training, training_in
from limner.studio.runs.shapes import RunFacts, Setting, State
from limner.training.run_folder import CHECKPOINT_NAME, CONFIG_NAME, LOG_NAME, METRICS_NAME, is_beginning
from limner.training.run_lock import LOCK_NAME

MOST_RUNS = 500
SHEET = re.compile(r"step-(\d{1,12})\.png")
FRESH_SECONDS = 120.0
"""A run whose metrics were written so lately is going on, though nobody here began it."""
TAIL_BYTES = 8_000
LAST_LINES = 4
"""Of a log, in which it stands how a training ended."""
LARGEST_CONFIG = 200_000
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[^\n\x20-\x7e\xa0-\uffff]")


def root_of(house: House) -> Path:
    """Give the folder of runs.

    Raises
    ------
    LimnerError
        If none was given.
    """
    if house.folders.runs is None:
        raise LimnerError("No folder for runs was given; start the studio with --runs DIR.")
    return house.folders.runs


def runs_in(root: Path) -> dict[str, Path]:
    """Give the runs of a folder by their names, ``run`` or ``group/run``, the newest first."""
    found: dict[str, Path] = {}
    for folder in _folders(root):
        inside = {folder.name: folder} if _is_run(folder) else _runs_of(folder)
        found.update(inside)
    newest = sorted(found, key=lambda name: _changed(found[name]), reverse=True)
    return {name: found[name] for name in newest[:MOST_RUNS]}


def find_run(root: Path, name: str) -> Path:
    """Look a run up.

    Raises
    ------
    LimnerError
        If there is none of that name.
    """
    for folder in _folders(root):
        for known, path in ({folder.name: folder} | _runs_of(folder)).items():
            if known == name and _is_run(path):
                return path
    raise LimnerError("There is no such run here.")


def facts_of(name: str, run: Path) -> RunFacts:
    """Say how a run stands."""
    config, training = config_of(run), training_in(run)
    metrics, sheets = run / METRICS_NAME, sheets_of(run)
    step, most = last_step(run), config.get("max_steps", 0)
    state, note = _state(run, training, done=0 < _whole(most) <= step)
    corpus, model = config.get("corpus"), config.get("model")
    return RunFacts(
        name=name,
        state=state,
        note=note,
        step=step,
        max_steps=_whole(most),
        corpus=[Path(str(c)).name for c in corpus] if isinstance(corpus, list) else [],
        kind=str(model.get("kind", "")) if isinstance(model, dict) else "",
        changed=round(_changed(run) * 1000),
        size=metrics.stat().st_size if _is_plain(metrics) else 0,
        sheets=len(sheets),
        has_model=_is_plain(run / FILE_NAME),
        can_stop=training is not None and training.running and training.ours,
        can_resume=_can_resume(run) and state not in ("running", "stopping", "elsewhere"),
    )


def config_of(run: Path) -> dict[str, Any]:
    """Read a run's settings; none where they cannot be read."""
    path = run / CONFIG_NAME
    try:
        facts = path.lstat()
        if not S_ISREG(facts.st_mode) or facts.st_size > LARGEST_CONFIG:
            return {}
        return _parsed(path, facts.st_mtime_ns, facts.st_size)
    except (OSError, ValueError, RecursionError):  # what nests too deeply is damaged, too
        return {}


def settings_of(run: Path) -> list[Setting]:
    """Give a run's settings one by one, tables as dotted names."""
    return [Setting(name=name, value=_text(value)) for name, value in flatten(config_of(run)).items()]


def sheets_of(run: Path) -> dict[int, Path]:
    """Give the sample sheets by their steps, in order."""
    folder = run / "samples"
    if not folder.is_dir() or folder.is_symlink():
        return {}
    found = ((SHEET.fullmatch(path.name), path) for path in folder.iterdir() if _is_plain(path))
    return dict(sorted((int(match[1]), path) for match, path in found if match))


def last_step(run: Path) -> int:
    """Give the last step that the metrics tell of; 0 if there is none."""
    lines = _tail(run / METRICS_NAME).split("\n")[:-1]
    steps = (line.partition(",")[0] for line in reversed(lines))
    return next((int(step) for step in steps if step.isdecimal() and len(step) < 13), 0)


def log_of(run: Path) -> str:
    """Give the end of what a training of the studio has said, without colours."""
    text = _tail(run / LOG_NAME).replace("\r", "\n")
    lines = (ESCAPES.sub("", line).rstrip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(2 * MOST_RUNS)
def _parsed(path: Path, changed: int, size: int) -> dict[str, Any]:  # noqa: ARG001 - they tell files apart
    """Read settings once for all who ask; not to be changed."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _state(run: Path, training: Training | None, *, done: bool) -> tuple[State, str]:
    """Tell how a run stands, and why."""
    if training is not None and training.running and not training.ours:
        return "elsewhere", ""
    if training is not None and training.running:
        return ("stopping" if training.asked else "running"), ""
    written = _changed(run)
    if training is not None and written <= training.ended + FRESH_SECONDS:
        return _outcome(log_of(run))
    if done:
        return "finished", ""
    return ("elsewhere" if time.time() - written < FRESH_SECONDS else "ended"), ""


def _can_resume(run: Path) -> bool:
    return _is_plain(run / CHECKPOINT_NAME) or is_beginning(run)


def _outcome(log: str) -> tuple[State, str]:
    """Read from the last lines how a training ended; see ``limner train``."""
    for line in reversed(log.split("\n")[-LAST_LINES:]):
        if line.startswith(("Interrupted.", "limner: interrupted")):
            return "stopped", ""
        if line.startswith("limner: "):
            return "failed", line.removeprefix("limner: ")
        if line.startswith("Step ") and "; the best was" in line:
            return "finished", ""
    return "failed", "It was broken off."


def _folders(root: Path) -> Iterator[Path]:
    try:
        inside = sorted(root.iterdir())
    except OSError:
        return
    yield from (p for p in inside if p.name[0] != "." and not p.is_symlink() and p.is_dir())


def _runs_of(folder: Path) -> dict[str, Path]:
    return {f"{folder.name}/{inner.name}": inner for inner in _folders(folder) if _is_run(inner)}


def _is_run(folder: Path) -> bool:
    return _is_plain(folder / CONFIG_NAME) or _is_plain(folder / LOCK_NAME)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _changed(run: Path) -> float:
    """Give when a run was last written to."""
    for name in (METRICS_NAME, CONFIG_NAME, LOCK_NAME):
        try:
            return (run / name).stat().st_mtime
        except OSError:
            continue
    return 0.0


def _tail(path: Path) -> str:
    try:
        if not _is_plain(path):
            return ""
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _text(value: object) -> str:
    return ", ".join(map(_word, value)) if isinstance(value, list) else _word(value)


def _word(value: object) -> str:
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except ValueError:  # of a number with thousands of digits
        return "too long to be shown"


def _whole(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**53 else 0
