"""A sheet with a query and its nearest neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from limner.curation.contact import contact_sheet
from limner.curation.neighbours import one_item
from limner.errors import LimnerError
from limner.files import write_bytes
from limner.render.png import png_bytes
from limner.render.write import write_drawings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.curation.items import Items


def check_sheet(items: Items, path: Path) -> None:
    """Refuse a sheet of unknown kind before any work is done.

    Raises
    ------
    LimnerError
        If the items cannot be drawn to such a file.
    """
    known = (".svg", ".png") if items.kind == "drawings" else (".png",)
    if path.suffix.lower() not in known:
        raise LimnerError(f"{path}: a sheet of {items.kind} is written as {' or '.join(known)}.")


def write_sheet(
    items: Items, name: str, place: int | None, found: Sequence[tuple[int, float]], path: Path
) -> None:
    """Write a sheet: the query first, then its neighbours, each with its distance.

    Parameters
    ----------
    items : Items
    name : str
        Of what was sought, and its ``place`` if it is one of the items.
    found : sequence of (place, distance)
        The nearest first.
    path : Path
        See :func:`check_sheet`.
    """
    captions = [f"{distance:.3f} {items.labels[i] or ''}".strip() for i, distance in found]
    title = f"Most like {Path(name).name if place is None else items.ids[place]}"
    if items.kind == "pictures":
        sheet = contact_sheet(items, [i for i, _ in found], title, captions)
        write_bytes(path, png_bytes(sheet))
        return
    sought = items.drawing(place) if place is not None else one_item(name).drawing(0)
    drawings = [sought, *(items.drawing(i) for i, _ in found)]
    write_drawings(drawings, path, captions=["sought", *captions], title=title)
