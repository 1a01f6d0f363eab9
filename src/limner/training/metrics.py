"""Metrics on disk: ``metrics.csv``, a line each time metrics are logged, and TensorBoard events.

A resumed run continues the same file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytorch_lightning.loggers import Logger, TensorBoardLogger
from pytorch_lightning.utilities import rank_zero_only

from limner.files import append, whole_file

COLUMNS = (
    "step", "train_L_R", "train_L_KL", "train_L_class", "train_class_accuracy", "train_cost",
    "kl_weight", "learning_rate",
    "valid_L_R", "valid_L_R_magenta_eval", "valid_L_KL", "valid_cost",
    "valid_nll_per_point", "valid_lift_recall", "valid_L_class", "valid_class_accuracy",
    "skipped_steps", "rollbacks", "by_heart",
)  # fmt: skip

MOST_DIGITS = 15
"""Digits of a step in a file that is read; lines with more are left out."""


class MetricsFile(Logger):
    """A logger that writes comma-separated values.

    Parameters
    ----------
    path : Path
    first_step : int
        Steps done before this run. Lines of later steps, left by a run that continued after its last
        checkpoint, are removed.
    rows : int, optional
        Lines that were there when that checkpoint was written; later ones are removed too.

    Raises
    ------
    LimnerError
        If the file cannot be written, here or later.
    """

    def __init__(self, path: Path, first_step: int, rows: int | None = None) -> None:
        super().__init__()
        self.path = path
        kept = [row for row in _read(path) if int(row["step"]) <= first_step][:rows]
        self.rows = len(kept)
        """Number of lines."""
        with whole_file(path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(kept)

    @property
    def name(self) -> str:
        """Name of the logger."""
        return "metrics"

    @property
    def version(self) -> str:
        """Empty: there is one file per run."""
        return ""

    @rank_zero_only
    def log_hyperparams(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: ``config.toml`` holds the settings."""

    @rank_zero_only
    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Append a line."""
        row = {name: f"{metrics[name]:.6g}" for name in COLUMNS[1:] if name in metrics}
        if row:
            line = io.StringIO(newline="")
            csv.DictWriter(line, COLUMNS).writerow({"step": step, **row})
            append(self.path, line.getvalue().encode())
            self.rows += 1


class TensorBoardEvents(TensorBoardLogger):
    """TensorBoard events and nothing else: ``config.toml`` holds the settings."""

    @rank_zero_only
    def save(self) -> None:
        """Flush what is buffered."""
        self.experiment.flush()


def event_loggers(run: Path, say: Callable[[str], object]) -> list[Logger]:
    """Return the logger of TensorBoard events; none for a path that is not UTF-8, which TensorBoard refuses.

    Parameters
    ----------
    run : Path
        The run folder.
    say : callable
        Called with a note if there is no logger.
    """
    try:
        str(run.absolute()).encode()
    except UnicodeEncodeError:
        say("TensorBoard events are not written: the name of the run folder is not UTF-8.")
        return []
    return [TensorBoardEvents(run, name="", version="")]


def _read(path: Path) -> list[dict[str, str]]:
    """Read the lines of an earlier run; what cannot be parsed is left out."""
    if not path.is_file():
        return []
    try:
        with path.open(newline="", encoding="utf-8", errors="replace") as file:
            rows = list(csv.DictReader(file))
    except csv.Error:  # a field of more than 100,000 characters, or a line break in the middle of one
        return []
    return [{name: row.get(name) or "" for name in COLUMNS} for row in rows if _is_step(row.get("step"))]


def _is_step(field: str | None) -> bool:
    return field is not None and field.isascii() and field.isdecimal() and len(field) <= MOST_DIGITS
