"""``status.json`` in a run folder: how far a training is, and how it ended.

The training writes the file whole: when it begins, after each validation, and when it ends. Its fields:

``state`` : str
    ``running``, ``finished`` (last step, time limit or patience), ``interrupted`` (by a signal; it can be
    resumed) or ``failed``.
``step`` : int
    Steps done when the file was written. ``metrics.csv`` is ahead of it between two validations.
``max_steps`` : int
    Steps of the whole training; 0 if the training failed before it began.
``best_step`` : int or null
    Step of the weights in ``model.safetensors``; null before the first validation.
``best_cost`` : float or null
    Their cost in validation, by the rule ``kept_by``.
``kept_by`` : str or null
    ``nll``, ``bound``, ``bound-start``, ``bound-end`` or ``last``; see ``--train.keep-by``.
``sentence`` : str
    How it ended, in at most 300 characters: the reason if it failed. Empty while it runs.
``pid`` : int
    Process that trains, or trained.
``started``, ``updated`` : float
    When that process began and when the file was written, in seconds since 1970.

A process that is killed leaves ``running``: whether it still does is told by the lock of the folder
(:func:`limner.training.run_lock.is_locked`). A training that is refused before it begins writes nothing,
unless it was handed the lock by the process that started it, which then finds the reason here.

No torch here: whoever watches trainings reads this quickly.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

from limner.errors import LimnerError, sentence
from limner.files import write_text
from limner.training.processes import is_first
from limner.training.run_folder import STATUS_NAME
from limner.training.run_lock import has_inherited_lock

MOST_BYTES = 10_000
"""Size up to which a status file is read; our own have some 400 bytes."""
State = Literal["running", "finished", "interrupted", "failed"]


@dataclass(frozen=True)
class RunStatus:
    """What ``status.json`` holds; the fields are explained at the top of this module."""

    state: State
    step: int = 0
    max_steps: int = 0
    best_step: int | None = None
    best_cost: float | None = None
    kept_by: str | None = None
    sentence: str = ""
    pid: int = 0
    started: float = 0.0
    updated: float = 0.0


_TYPES: dict[str, tuple[type, ...]] = {
    "step": (int,),
    "max_steps": (int,),
    "best_step": (int, type(None)),
    "best_cost": (float, int, type(None)),
    "kept_by": (str, type(None)),
    "sentence": (str,),
    "pid": (int,),
    "started": (float, int),
    "updated": (float, int),
}


def read_status(run: Path) -> RunStatus | None:
    """Read the status of a run folder.

    Returns
    -------
    RunStatus or None
        None if there is no such file, it is a link, or it cannot be understood. Fields of a later version are
        passed over; fields that are missing have their defaults.
    """
    path = run / STATUS_NAME
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            return None
        values = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or values.get("state") not in get_args(State):
        return None
    known = {field.name: values[field.name] for field in fields(RunStatus) if field.name in values}
    if any(type(known[name]) not in kinds for name, kinds in _TYPES.items() if name in known):
        return None
    return RunStatus(**known)


class StatusFile:
    """Writes ``status.json`` for one training; does nothing in all but the first of several processes.

    Parameters
    ----------
    run : Path
        The run folder.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        self.begun = False
        """Whether the training has begun to write into its folder."""
        former = read_status(run)
        self._status = RunStatus("running") if former is None else replace(former, state="running")
        self._status = replace(self._status, sentence="", pid=os.getpid(), started=round(time.time(), 3))

    def begin(self, step: int, max_steps: int) -> None:
        """Write that the training runs, from ``step`` steps on.

        Raises
        ------
        LimnerError
            If the file cannot be written, here or later.
        """
        self.begun = True
        former = self._status if step else RunStatus("running", pid=os.getpid(), started=self._status.started)
        self._status = replace(former, step=step, max_steps=max_steps)
        self._write()

    def validated(self, step: int, best_step: int, best_cost: float, kept_by: str) -> None:
        """Write how far the training is after a validation.

        Parameters
        ----------
        step : int
            Steps done.
        best_step : int
            Step of the best validation; below 0 if none was finite.
        best_cost : float
        kept_by : str
            The rule that ``best_cost`` goes by.
        """
        has_best = best_step >= 0
        self._status = replace(
            self._status,
            step=step,
            best_step=best_step if has_best else None,
            best_cost=best_cost if has_best else None,
            kept_by=kept_by,
        )
        self._write()

    def end(self, state: State, text: str, step: int | None = None) -> None:
        """Write how the training ended, if it has begun or whoever started it waits for the reason.

        Parameters
        ----------
        state : str
        text : str
            The reason, in a sentence.
        step : int, optional
            Steps done; those of the last validation unless given.
        """
        if not self.begun and not has_inherited_lock(self.run):
            return
        step = self._status.step if step is None else step
        self._status = replace(self._status, state=state, sentence=sentence(text), step=step)
        self._write()

    def _write(self) -> None:
        if is_first():
            self._status = replace(self._status, updated=round(time.time(), 3))
            write_text(self.run / STATUS_NAME, json.dumps(asdict(self._status)) + "\n")


@contextmanager
def recording(run: Path) -> Iterator[StatusFile]:
    """Record in ``status.json`` how the block ends if it raises; the block itself writes its regular end."""
    status = StatusFile(run)
    try:
        yield status
    except (KeyboardInterrupt, SystemExit):  # the latter is what Lightning makes of an interrupt
        with suppress(LimnerError):  # a full disk must not hide what went wrong
            status.end("interrupted", "It was interrupted.")
        raise
    except Exception as error:
        text = str(error) if isinstance(error, LimnerError) else f"{type(error).__name__}: {error}"
        with suppress(LimnerError):
            status.end("failed", text)
        raise
