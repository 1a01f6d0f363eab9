"""Notes of what was tolerated while reading, and how those of several files become one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limner.corpus.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTED = re.compile(r"(.+) \(([\d,]+) in ([\d,]+) files?\)\.", re.DOTALL)
"""A note that counts something in files, as :class:`limner.strokes.svg_notes.Passed` writes them."""
LEFT_OUT = "left out"


def joined_notes(*groups: Iterable[str]) -> tuple[str, ...]:
    """Join the notes of several files, in the order in which they are met.

    Those that are alike but for their counts, as in "texts (3 in 1 file).", become one with the sums; of
    others that are alike the first stays.
    """
    sums: dict[str, tuple[int, int]] = {}
    for note in (note for group in groups for note in group):
        match = COUNTED.fullmatch(note)
        if match is None:
            sums.setdefault(note, (0, 0))
        else:
            n, files = sums.get(match[1], (0, 0))
            sums[match[1]] = (n + _number(match[2]), files + _number(match[3]))
    return tuple(
        f"{what} ({n:,} in {counted(files, 'file')})." if files else what for what, (n, files) in sums.items()
    )


def losses(notes: Iterable[str]) -> list[str]:
    """Return those notes that say what was in a source and is not in what was read of it."""
    return [note for note in notes if COUNTED.fullmatch(note) or LEFT_OUT in note]


def _number(text: str) -> int:
    return int(text.replace(",", ""))
