"""Choices made on maps: one CSV file per corpus in ``choices``, in the folder of kept drawings.

All maps of a corpus share the file: saving a map replaces the rows of its own drawings and keeps the others.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from limner.curation.choices import HEADER, Choices, read_choices
from limner.curation.tables import write_table
from limner.errors import LimnerError
from limner.studio.map.schemas import MapChoices

FOLDER = "choices"
_LOCK = threading.Lock()
NONE = Choices({}, {})


def choices_file(kept: Path, title: str) -> Path:
    """Return the file of the choices about a corpus."""
    return kept / FOLDER / f"{Path(title).name}.csv"


def read_chosen(kept: Path, title: str, ids: Sequence[str]) -> MapChoices:
    """Read the choices about these drawings.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    choices = _read(choices_file(kept, title))
    labels: dict[str, list[int]] = {}
    for i, name in enumerate(ids):
        if name in choices.label:
            labels.setdefault(choices.label[name], []).append(i)
    marked = {
        mark: [i for i, name in enumerate(ids) if choices.choice.get(name) == mark]
        for mark in ("keep", "drop")
    }
    return MapChoices(**marked, labels=labels)


def save_chosen(kept: Path, title: str, ids: Sequence[str], chosen: MapChoices) -> tuple[Path, int]:
    """Write the choices about these drawings; return the file and the number of drawings that it lists.

    Without any choice the file is removed.

    Raises
    ------
    LimnerError
        If an item is not on the map or is both kept and dropped, or the file cannot be written.
    """
    choice, label = _by_id(ids, chosen)
    path, own = choices_file(kept, title), set(ids)
    with _LOCK:
        before = _read(path)
        choice = {name: mark for name, mark in before.choice.items() if name not in own} | choice
        label = {name: new for name, new in before.label.items() if name not in own} | label
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


def _by_id(ids: Sequence[str], chosen: MapChoices) -> tuple[dict[str, str], dict[str, str]]:
    indices = [*chosen.keep, *chosen.drop, *(i for items in chosen.labels.values() for i in items)]
    if max(indices, default=0) >= len(ids):
        raise LimnerError(f"The map has {len(ids):,} drawings.")
    if both := set(chosen.keep) & set(chosen.drop):
        raise LimnerError(f"{ids[min(both)]} cannot be kept and dropped.")
    choice = {ids[i]: "keep" for i in chosen.keep} | {ids[i]: "drop" for i in chosen.drop}
    rank = {name: i for i, name in enumerate(ids)}
    label = {ids[i]: new.strip() for new, items in chosen.labels.items() for i in items if new.strip()}
    return dict(sorted(choice.items(), key=lambda row: rank[row[0]])), label
