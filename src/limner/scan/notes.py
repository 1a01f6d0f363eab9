"""Notes on a page that was read: what was left out of it, and what could not be read well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.scan.clean import CleanedInk
    from limner.scan.ink_map import InkMap

MANY_STROKES = 2000
"""From this number on a note asks whether the picture is a drawing of lines."""


def notes_on(ink_map: InkMap, cleaned: CleanedInk, filled_areas: int, n_strokes: int) -> tuple[str, ...]:
    """Return sentences about what was left out of a page, and what could not be read well."""
    return (*_on_paper(ink_map), *_on_ink(cleaned, filled_areas, n_strokes))


def notes_on_fixes(fixed: int, unmet: int) -> tuple[str, ...]:
    """Return sentences about what was changed by hand."""
    if not unmet:
        return (f"{_count(fixed, 'fix', 'fixes')} by hand",) if fixed else ()
    return (f"{unmet} of {_count(fixed, 'fix', 'fixes')} by hand found nothing there any more",)


def _on_paper(ink_map: InkMap) -> Iterator[str]:
    if ink_map.photograph:
        yield "looks like a photograph, not like a drawing of lines"
    if ink_map.halftone:
        yield "smoothed, because it is a halftone"
    if ink_map.ruling:
        yield f"left out {ink_map.ruling}"


def _on_ink(cleaned: CleanedInk, filled_areas: int, n_strokes: int) -> Iterator[str]:
    if cleaned.edges:
        yield f"left out {_count(cleaned.edges, 'band')} along the edge of the page"
    if cleaned.marks:
        yield f"left out {_count(cleaned.marks, 'small mark')} far from the drawing"
    if cleaned.specks:
        yield f"left out {_count(cleaned.specks, 'speck')}"
    if filled_areas:
        yield f"{_count(filled_areas, 'filled area')}, read along the middle, not along the outline"
    if n_strokes > MANY_STROKES:
        yield f"{n_strokes} strokes: is this a drawing of lines?"


def _count(n: int, thing: str, things: str | None = None) -> str:
    return f"{n} {thing if n == 1 else things or f'{thing}s'}"
