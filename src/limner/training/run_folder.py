"""A run folder: names of its files, its settings, and whether a run can begin there.

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
from limner.training.resolve import check_no_derived

CONFIG_NAME = "config.toml"
CHECKPOINT_NAME = "last.ckpt"
METRICS_NAME = "metrics.csv"
STATUS_NAME = "status.json"
"""How far the training is, and how it ended; see :mod:`limner.training.status`."""
LOG_NAME = "training.log"
"""Output of a training that the studio has begun."""
_CORPUS = "corpus"
_EVENTS = "events.out.tfevents."


def read_settings(path: Path, base: RunConfig, *, own: bool = False) -> RunConfig:
    """Read settings from a TOML file over ``base``.

    Parameters
    ----------
    path : Path
    base : RunConfig
        Settings that the file does not hold.
    own : bool
        Whether it is a file of one's own, in which settings that follow from the corpus are refused; the
        ``config.toml`` of a run, which names its corpus, holds them.

    Raises
    ------
    DataError
        If the file is missing or damaged, or a key is misspelt or no setting.
    """
    values = renamed(_read_toml(path), RENAMED)
    if values.pop(_CORPUS, None) is None and own:
        check_no_derived(values, str(path))
    return from_dict(RunConfig, values, where=str(path), base=base)


def write_config(run: Path, config: RunConfig, corpora: list[str]) -> None:
    """Write the resolved settings and the paths of the corpora into a run folder."""
    write_text(
        run / CONFIG_NAME,
        tomli_w.dumps({_CORPUS: [text_of_name(name) for name in corpora], **to_dict(config)}),
    )


def corpora_of(run: Path) -> list[str]:
    """Return the names or paths of the corpora that a run was trained on.

    Raises
    ------
    DataError
        If its ``config.toml`` names none.
    """
    names = _read_toml(run / CONFIG_NAME).get(_CORPUS)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise DataError(f"{run / CONFIG_NAME} does not name its corpus; name one with --data.")
    return [name_of_text(name) for name in names]


def check_new(run: Path, option: str = "--resume") -> None:
    """Refuse a folder that holds anything but the beginning of a run.

    Parameters
    ----------
    run : Path
    option : str
        Option of the command line that resumes.

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
    """Return whether a folder holds no more than a run leaves that ended before its first checkpoint.

    These are its settings, and perhaps metrics, status, events and log. Hidden files (locks, drafts) do not
    count.
    """
    return (run / CONFIG_NAME).is_file() and _is_bare(run)


def clear_beginning(run: Path) -> None:
    """Remove the events of a run that ended before its first checkpoint; the rest is overwritten."""
    with explained(run):
        for path in run.glob(f"{_EVENTS}*"):
            path.unlink()


def sheet_path(run: Path, step: int) -> Path:
    """Return the path of the sample sheet of a validation."""
    return run / "samples" / f"step-{step:07d}.png"


def last_sheet(run: Path) -> Path | None:
    """Return the path of the last sample sheet; None if there is none."""
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
