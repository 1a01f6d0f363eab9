"""Sentences about drawings: counts, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.errors import quote_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sized

_IGNORED = "Passed over"
_LEFT_OUT = "left out"


def counted(n: int, noun: str) -> str:
    """Return a number with its noun: ``1 drawing``, ``2,500 drawings``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def ignored_notes(ignored: Mapping[str, int]) -> tuple[str, ...]:
    """Return a sentence that lists what was ignored, the most frequent kind first; none if nothing was."""
    kinds = sorted(ignored.items(), key=lambda pair: (-pair[1], pair[0]))
    listed = quote_list([f"{kind} ({count:,})" for kind, count in kinds])
    return (f"{_IGNORED}: {listed}.",) if listed else ()


def losses(notes: Iterable[str]) -> list[str]:
    """Return those notes that name something of a source that is not in its corpus."""
    return [note for note in notes if note.startswith(_IGNORED) or _LEFT_OUT in note]


def assigned_note(assigned: Mapping[str, Sized], seed: int) -> str:
    """Return a sentence about drawings without a split, and the splits that they were assigned to."""
    if list(assigned) == ["train"]:
        return f"Nothing was set aside of {counted(len(assigned['train']), 'drawing')} without a split."
    sizes = quote_list([f"{len(chosen):,} {name}" for name, chosen in assigned.items()])
    return f"Drawings without a split were shared out with seed {seed}: {sizes}."
