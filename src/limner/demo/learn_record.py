"""``learn.json``: what a folder of ``limner learn`` was begun with, and how far it came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from limner.errors import LimnerError, quote_list
from limner.files import text_of_name, write_text
from limner.training.run_folder import LOG_NAME
from limner.training.run_lock import LOCK_NAME

NAME = "learn.json"


@dataclass(frozen=True)
class LearnRecord:
    """What a hand is learnt from, and what came of it so far."""

    sources: tuple[str, ...]
    """Absolute paths."""
    names: tuple[str, ...]
    """The same as they were given."""
    recipe: str
    preset: str
    """Empty where it is chosen by the number of drawings, as long as that is not known."""
    seed: int
    minutes: float
    """Time budget of the training."""
    trained_s: float = 0.0
    """Seconds of it that are used up."""
    pages: int = 0
    """Pages that were scanned."""
    unread: dict[str, str] = field(default_factory=dict)
    """Pictures that could not be read, each with a sentence."""
    drawings: int = 0
    """Drawings of the corpus; 0 as long as there is none."""
    finished: bool = False

    def write(self, out: Path) -> None:
        """Write it into the folder."""
        values = asdict(self)
        for key in ("sources", "names"):
            values[key] = [text_of_name(name) for name in values[key]]
        write_text(out / NAME, json.dumps(values, indent=1, ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class LearnOutcome:
    """What came of it."""

    page: str
    run: str
    """The model, as every command takes it."""
    corpus: str
    pages: int
    """Pages that were scanned."""
    unread: dict[str, str]
    """Pictures that could not be read, each with a sentence."""
    drawings: int
    """Drawings of the corpus."""
    recipe: str
    preset: str
    minutes: float
    """That the training took."""
    step: int
    best_step: int
    interrupted: bool
    """Whether a signal ended the training; the same call goes on."""

    def figures(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return asdict(self)


def read_record(out: Path) -> LearnRecord | None:
    """Read the record of a folder; None if there is none, or it cannot be understood."""
    try:
        values = json.loads((out / NAME).read_bytes())
        known = {one.name: values[one.name] for one in fields(LearnRecord) if one.name in values}
        return LearnRecord(**known | {key: tuple(known[key]) for key in ("sources", "names")})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def record_to_go_on(out: Path, new: LearnRecord) -> LearnRecord | None:
    """Return the record of a folder whose work was broken off; None for a folder that is new.

    Raises
    ------
    LimnerError
        If the folder is none to write into: it holds other things, other drawings were learnt there, or
        all is done.
    """
    if out.is_file():
        raise LimnerError(f"{out} is a file; name a folder for what is learnt.")
    if not out.is_dir() or _is_blank(out):
        return None
    old = read_record(out)
    if old is None:
        raise LimnerError(f"{out} is not empty, and nothing is learnt there; name another folder with --out.")
    if old.finished:
        raise LimnerError(
            f"{out} is done: open {out / 'index.html'}, which says what to type next. To learn anew, name "
            "another folder with --out."
        )
    preset = new.preset or old.preset
    if (old.sources, old.preset, old.seed, old.recipe) != (new.sources, preset, new.seed, new.recipe):
        raise LimnerError(
            f"{out} was begun with {_shown(old.sources)}, recipe {old.recipe}, preset {old.preset} and seed "
            f"{old.seed}; go on with these, or name another folder with --out."
        )
    return old


def _is_blank(out: Path) -> bool:
    """Return whether a folder is empty, or holds a run that has a lock and a log alone.

    The studio makes these before it starts this in a process of its own.
    """
    begun = {LOCK_NAME, LOG_NAME}
    return all(
        path.name == "run" and path.is_dir() and {inner.name for inner in path.iterdir()} <= begun
        for path in out.iterdir()
    )


def _shown(names: Sequence[str]) -> str:
    return quote_list([Path(name).name for name in names[:3]])
