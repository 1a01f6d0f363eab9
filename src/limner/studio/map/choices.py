"""Choices made on maps: a CSV file a corpus in ``choices``, in the folder of what is kept.

All maps of a corpus share it: a map rewrites the rows of its own drawings and leaves the others.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from limner.curation.choices import HEADER, Choices, read_choices
from limner.curation.tables import write_table
from limner.errors import LimnerError
from limner.studio.map.shapes import Chosen

FOLDER = "choices"
_LOCK = threading.Lock()
NONE = Choices({}, {})


def choices_file(kept: Path, title: str) -> Path:
    """Give the file of the choices about a corpus."""
    return kept / FOLDER / f"{Path(title).name}.csv"


def read_chosen(kept: Path, title: str, ids: Sequence[str]) -> Chosen:
    """Read what was chosen of these drawings.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    made = _read(choices_file(kept, title))
    labels: dict[str, list[int]] = {}
    for i, name in enumerate(ids):
        if name in made.label:
            labels.setdefault(made.label[name], []).append(i)
    places = {
        mark: [i for i, name in enumerate(ids) if made.choice.get(name) == mark] for mark in ("keep", "drop")
    }
    return Chosen(**places, labels=labels)


def save_chosen(kept: Path, title: str, ids: Sequence[str], chosen: Chosen) -> tuple[Path, int]:
    """Write what was chosen of these drawings; give the file and how many drawings it names.

    Without any choice there is no file.

    Raises
    ------
    LimnerError
        If an item is not on the map, is to be kept and dropped, or the file cannot be written.
    """
    choice, label = _by_id(ids, chosen)
    path, mine = choices_file(kept, title), set(ids)
    with _LOCK:
        before = _read(path)
        choice = {name: mark for name, mark in before.choice.items() if name not in mine} | choice
        label = {name: new for name, new in before.label.items() if name not in mine} | label
        rows = [
            (name, choice.get(name, ""), label.get(name, "")) for name in dict.fromkeys([*choice, *label])
        ]
        rows = [row for row in rows if row[1] or row[2]]
        if rows:
            write_table(path, HEADER, rows)
        else:
            path.unlink(missing_ok=True)
    return path, len(rows)


def _read(path: Path) -> Choices:
    if path.is_symlink():
        raise LimnerError(f"{path} is a link; remove it.")
    return read_choices(path) if path.is_file() else NONE


def _by_id(ids: Sequence[str], chosen: Chosen) -> tuple[dict[str, str], dict[str, str]]:
    named = [*chosen.keep, *chosen.drop, *(i for some in chosen.labels.values() for i in some)]
    if max(named, default=0) >= len(ids):
        raise LimnerError(f"The map has {len(ids):,} drawings.")
    if both := set(chosen.keep) & set(chosen.drop):
        raise LimnerError(f"{ids[min(both)]} cannot be kept and dropped.")
    choice = {ids[i]: "keep" for i in chosen.keep} | {ids[i]: "drop" for i in chosen.drop}
    order = {name: place for place, name in enumerate(ids)}
    label = {ids[i]: new.strip() for new, some in chosen.labels.items() for i in some if new.strip()}
    return dict(sorted(choice.items(), key=lambda row: order[row[0]])), label
