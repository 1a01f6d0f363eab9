"""A run on disk: its settings, and what a resumed or evaluated run needs to know.

A run holds ``model.safetensors`` (the best weights), ``last.ckpt``, ``config.toml``, ``metrics.csv``,
``status.json``, TensorBoard events and ``samples/step-*.png``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from limner.errors import DataError, LimnerError
from limner.files import explained, name_of_text, text_of_name, write_text
from limner.settings import from_dict, renamed, to_dict
from limner.training.config import RENAMED, RunConfig

CONFIG_NAME = "config.toml"
CHECKPOINT_NAME = "last.ckpt"
METRICS_NAME = "metrics.csv"
STATUS_NAME = "status.json"
"""How far the training is, and how it ended; see :mod:`limner.training.status`."""
LOG_NAME = "training.log"
"""What a training that the studio has begun says."""
_CORPUS = "corpus"
_EVENTS = "events.out.tfevents."


def read_settings(path: Path, base: RunConfig) -> RunConfig:
    """Read settings from a TOML file over ``base``.

    Raises
    ------
    DataError
        If the file is missing or damaged, or a key is misspelt.
    """
    values = _read_toml(path)
    values.pop(_CORPUS, None)
    return from_dict(RunConfig, renamed(values, RENAMED), where=str(path), base=base)


def write_config(run: Path, config: RunConfig, corpora: list[str]) -> None:
    """Write the resolved settings beside the run, with where its corpora lie."""
    write_text(
        run / CONFIG_NAME,
        tomli_w.dumps({_CORPUS: [text_of_name(name) for name in corpora], **to_dict(config)}),
    )


def corpora_of(run: Path) -> list[str]:
    """Say what a run was trained on.

    Raises
    ------
    DataError
        If its ``config.toml`` does not say.
    """
    found = _read_toml(run / CONFIG_NAME).get(_CORPUS)
    if not isinstance(found, list) or not found or not all(isinstance(name, str) for name in found):
        raise DataError(f"{run / CONFIG_NAME} does not name its corpus; name one with --data.")
    return [name_of_text(name) for name in found]


def check_new(run: Path, option: str = "--resume") -> None:
    """Refuse a folder that holds something else than the beginning of a run.

    Parameters
    ----------
    run : Path
    option : str
        What the command line calls going on.

    Raises
    ------
    LimnerError
        If ``run`` is a file, or a folder that is neither empty nor such a beginning.
    """
    if run.is_file():
        raise LimnerError(f"{run} is a file; name a folder for the run.")
    with explained(run):
        if not run.is_dir() or _is_bare(run):
            return
    if (run / CHECKPOINT_NAME).is_file():
        raise LimnerError(f"{run} is not empty; continue it with {option}, or name another folder.")
    raise LimnerError(
        f"{run} is not empty, and no {CHECKPOINT_NAME} in it can be gone on with; name another folder."
    )


def is_beginning(run: Path) -> bool:
    """Tell whether a folder holds what a run leaves that ended before its first checkpoint.

    These are its settings, and perhaps metrics, status, events and log. Hidden files (locks, drafts) do not
    count.
    """
    return (run / CONFIG_NAME).is_file() and _is_bare(run)


def clear_beginning(run: Path) -> None:
    """Take away the events of a run that ended before its first checkpoint; the rest is written anew."""
    with explained(run):
        for path in run.glob(f"{_EVENTS}*"):
            path.unlink()


def sheet_path(run: Path, step: int) -> Path:
    """Give the place of the sheet of a validation."""
    return run / "samples" / f"step-{step:07d}.png"


def last_sheet(run: Path) -> Path | None:
    """Find the last sheet that a training has drawn."""
    sheets = sorted((run / "samples").glob("step-*.png"))
    return sheets[-1] if sheets else None


def _is_bare(run: Path) -> bool:
    known = (CONFIG_NAME, METRICS_NAME, STATUS_NAME, LOG_NAME)
    return all(path.name in known or path.name.startswith((".", _EVENTS)) for path in run.iterdir())


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not valid TOML: {error}.") from error
