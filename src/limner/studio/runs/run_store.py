"""The folder of runs: the runs it holds, and the state of each by its files.

A run is a folder with ``config.toml`` or with the lock file of a training, in the folder that the studio was
started with or one level below. Symbolic links are ignored, so that no path leads out of that folder.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from limner.errors import LimnerError
from limner.models.weights import FILE_NAME
from limner.studio.context import StudioContext
from limner.studio.runs.schemas import RunFacts, RunSetting, State
from limner.studio.runs.training_process import TrainingProcess, training_in
from limner.training.run_folder import CHECKPOINT_NAME, CONFIG_NAME, LOG_NAME, METRICS_NAME, is_beginning
from limner.training.run_lock import LOCK_NAME
from limner.training.status import RunStatus, read_status

MAX_RUNS = 500
SHEET = re.compile(r"step-(\d{1,12})\.png")
FRESH_SECONDS = 120.0
"""A run without a lock whose metrics were written within this time counts as running elsewhere."""
TAIL_BYTES = 8_000
KILLED = "It was broken off."
MAX_NOTE = 300
END_STATES: dict[str, State] = {
    "finished": "finished", "interrupted": "stopped", "failed": "failed", "running": "failed",
}  # fmt: skip
"""State of a run without a running training by the state in its ``status.json``; ``running``: killed."""
MAX_CONFIG_BYTES = 200_000
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[^\n\x20-\x7e\xa0-\uffff]")


def runs_folder(context: StudioContext) -> Path:
    """Return the folder of runs.

    Raises
    ------
    LimnerError
        If the studio was started without one.
    """
    if context.folders.runs is None:
        raise LimnerError("No folder for runs was given; start the studio with --runs DIR.")
    return context.folders.runs


def runs_in(root: Path) -> dict[str, Path]:
    """Return the runs of a folder by name, ``run`` or ``group/run``, the newest first."""
    runs: dict[str, Path] = {}
    for folder in _subfolders(root):
        inside = {folder.name: folder} if _is_run(folder) else _runs_below(folder)
        runs.update(inside)
    newest = sorted(runs, key=lambda name: _modified(runs[name]), reverse=True)
    return {name: runs[name] for name in newest[:MAX_RUNS]}


def find_run(root: Path, name: str) -> Path:
    """Return the folder of a run.

    Raises
    ------
    LimnerError
        If there is no run of that name.
    """
    for folder in _subfolders(root):
        for known, path in ({folder.name: folder} | _runs_below(folder)).items():
            if known == name and _is_run(path):
                return path
    raise LimnerError("There is no such run here.")


def run_facts(name: str, run: Path) -> RunFacts:
    """Return the state of a run."""
    config, training = config_of(run), training_in(run)
    metrics, sheets = run / METRICS_NAME, sheets_of(run)
    step, max_steps = last_step(run), config.get("max_steps", 0)
    state, note = _state(run, training, done=0 < _step_count(max_steps) <= step)
    corpus, model = config.get("corpus"), config.get("model")
    return RunFacts(
        name=name,
        state=state,
        note=(_complaint(run) or note) if note == KILLED else note,
        doing=_said(run) if state == "running" and not step else "",
        step=step,
        max_steps=_step_count(max_steps),
        corpus=[Path(str(c)).name for c in corpus] if isinstance(corpus, list) else [],
        kind=str(model.get("kind", "")) if isinstance(model, dict) else "",
        changed=round(_modified(run) * 1000),
        size=metrics.stat().st_size if _is_regular(metrics) else 0,
        sheets=len(sheets),
        has_model=_is_regular(run / FILE_NAME),
        can_stop=training is not None and training.running and training.by_studio,
        can_resume=_is_resumable(run) and state not in ("running", "stopping", "elsewhere"),
    )


def config_of(run: Path) -> dict[str, Any]:
    """Return the settings of a run as nested dicts; empty if they cannot be read."""
    path = run / CONFIG_NAME
    try:
        facts = path.lstat()
        if not S_ISREG(facts.st_mode) or facts.st_size > MAX_CONFIG_BYTES:
            return {}
        return _parsed(path, facts.st_mtime_ns, facts.st_size)
    except (OSError, ValueError, RecursionError):  # the last one for tables nested too deeply
        return {}


def flat_settings(run: Path) -> list[RunSetting]:
    """Return the settings of a run as a flat list with dotted names."""
    return [RunSetting(name=name, value=value) for name, value in _flatten(config_of(run), "")]


def sheets_of(run: Path) -> dict[int, Path]:
    """Return the sample sheets by step, in order."""
    folder = run / "samples"
    if not folder.is_dir() or folder.is_symlink():
        return {}
    matches = ((SHEET.fullmatch(path.name), path) for path in folder.iterdir() if _is_regular(path))
    return dict(sorted((int(match[1]), path) for match, path in matches if match))


def last_step(run: Path) -> int:
    """Return the last step in the metrics; 0 if there is none."""
    lines = _tail(run / METRICS_NAME).split("\n")[:-1]
    steps = (line.partition(",")[0] for line in reversed(lines))
    return next((int(step) for step in steps if step.isdecimal() and len(step) < 13), 0)


def log_of(run: Path) -> str:
    """Return the last lines that a training of the studio printed, without escape sequences."""
    text = _tail(run / LOG_NAME).replace("\r", "\n")
    lines = (ESCAPES.sub("", line).rstrip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _complaint(run: Path) -> str:
    """Return why a program of the studio ended before any training began, if it said so at last."""
    if read_status(run) is not None or not log_of(run).split("\n")[-1].startswith("limner: "):
        return ""
    return _said(run)


def _said(run: Path) -> str:
    """Return the last line that a training of the studio printed."""
    *_, last = ["", *log_of(run).split("\n")]
    return last.removeprefix("limner: ")[:MAX_NOTE]


@lru_cache(2 * MAX_RUNS)
def _parsed(path: Path, changed: int, size: int) -> dict[str, Any]:  # noqa: ARG001 - part of the cache's key
    """Parse a settings file, with a cache; the result must not be modified."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _state(run: Path, training: TrainingProcess | None, *, done: bool) -> tuple[State, str]:
    """Return the state of a run, and the reason if it failed."""
    if training is not None and training.running and not training.by_studio:
        return "elsewhere", ""
    if training is not None and training.running:
        return ("stopping" if training.stop_requested else "running"), ""
    is_fresh = time.time() - _modified(run) < FRESH_SECONDS
    status = read_status(run)
    if status is not None and (training is None or training.started <= status.updated):
        if status.state == "running" and training is None and is_fresh:  # on a file system without locks
            return "elsewhere", ""
        return END_STATES[status.state], _reason(status)
    if training is not None:  # it ended before it wrote anything
        return "failed", KILLED
    if done:
        return "finished", ""
    return ("elsewhere" if is_fresh else "ended"), ""


def _reason(status: RunStatus) -> str:
    return {"failed": status.sentence, "running": KILLED}.get(status.state, "")


def _is_resumable(run: Path) -> bool:
    return _is_regular(run / CHECKPOINT_NAME) or is_beginning(run)


def _subfolders(root: Path) -> Iterator[Path]:
    try:
        inside = sorted(root.iterdir())
    except OSError:
        return
    yield from (p for p in inside if p.name[0] != "." and not p.is_symlink() and p.is_dir())


def _runs_below(folder: Path) -> dict[str, Path]:
    return {f"{folder.name}/{inner.name}": inner for inner in _subfolders(folder) if _is_run(inner)}


def _is_run(folder: Path) -> bool:
    return _is_regular(folder / CONFIG_NAME) or _is_regular(folder / LOCK_NAME)


def _is_regular(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _modified(run: Path) -> float:
    """Return when a run was last written to, in seconds since 1970."""
    for name in (METRICS_NAME, CONFIG_NAME, LOCK_NAME):
        try:
            return (run / name).stat().st_mtime
        except OSError:
            continue
    return 0.0


def _tail(path: Path) -> str:
    try:
        if not _is_regular(path):
            return ""
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _flatten(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield prefix + name, ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def _text(value: object) -> str:
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except ValueError:  # an integer with thousands of digits
        return "too long to be shown"


def _step_count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**53 else 0
