"""What is said about a page that was read: what was left out of it, and what could not be read well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.scan.clean import Cleaned
    from limner.scan.look import Sight

MANY_STROKES = 2000
"""From here on it is asked whether the picture is one of lines."""


def notes_on(sight: Sight, page: Cleaned, filled: int, n_strokes: int) -> tuple[str, ...]:
    """Say what was left out of a page, and what could not be read well."""
    return (*_of_paper(sight), *_of_ink(page, filled, n_strokes))


def _of_paper(sight: Sight) -> Iterator[str]:
    if sight.photograph:
        yield "looks like a photograph, not like a drawing of lines"
    if sight.halftone:
        yield "smoothed, because it is a halftone"
    if sight.ruling:
        yield f"left out {sight.ruling}"


def _of_ink(page: Cleaned, filled: int, n_strokes: int) -> Iterator[str]:
    if page.edges:
        yield f"left out {_count(page.edges, 'band')} along the edge of the page"
    if page.marks:
        yield f"left out {_count(page.marks, 'small mark')} far from the drawing"
    if page.specks:
        yield f"left out {_count(page.specks, 'speck')}"
    if filled:
        yield f"{_count(filled, 'filled area')}, read along the middle, not along the outline"
    if n_strokes > MANY_STROKES:
        yield f"{n_strokes} strokes: is this a drawing of lines?"


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"
