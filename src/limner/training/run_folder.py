"""A run on disk: its settings, and what a resumed or evaluated run needs to know.

A run holds ``model.safetensors`` (the best weights), ``last.ckpt``, ``config.toml``, ``metrics.csv``,
TensorBoard events and ``samples/step-*.png``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from limner.corpus.names import name_of_text, text_of_name
from limner.errors import DataError, LimnerError
from limner.files import write_text
from limner.settings import from_dict, to_dict
from limner.training.config import RunConfig

CONFIG_NAME = "config.toml"
METRICS_NAME = "metrics.csv"
LOG_NAME = "training.log"
"""What a training that the studio has begun says."""
_CORPUS = "corpus"


def read_settings(path: Path, base: RunConfig) -> RunConfig:
    """Read settings from a TOML file over ``base``.

    Raises
    ------
    DataError
        If the file is missing or damaged, or a key is misspelt.
    """
    values = _read_toml(path)
    values.pop(_CORPUS, None)
    return from_dict(RunConfig, values, where=str(path), base=base)


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
    """Refuse a folder that already holds something.

    A run that ended before its first checkpoint may be begun anew: only its settings, metrics and log are
    there. Hidden files do not count.

    Parameters
    ----------
    run : Path
    option : str
        What the command line calls going on.

    Raises
    ------
    LimnerError
        If ``run`` is a file or a folder that is not empty.
    """
    if run.is_file():
        raise LimnerError(f"{run} is a file; name a folder for the run.")
    if run.is_dir() and not all(map(_is_beginning, run.iterdir())):
        raise LimnerError(f"{run} is not empty; continue it with {option}, or name another folder.")


def last_sheet(run: Path) -> Path | None:
    """Find the last sheet that a training has drawn."""
    sheets = sorted((run / "samples").glob("step-*.png"))
    return sheets[-1] if sheets else None


def _is_beginning(path: Path) -> bool:
    """Tell whether a file is one that a run has before its first checkpoint, or a hidden one."""
    known = (CONFIG_NAME, METRICS_NAME, LOG_NAME)
    return path.name in known or path.name.startswith((".", "events.out.tfevents."))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not valid TOML: {error}.") from error
