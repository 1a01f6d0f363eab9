"""The folder of what is kept: one SVG file a drawing.

The folder is the truth: a file that somebody puts there is seen, one that she takes away is gone. Who drew
each stroke, and when, stands in the file's ``<metadata>``.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from pathlib import Path
from typing import Annotated, Any
from xml.sax.saxutils import escape

from pydantic import Field

from limner.errors import DataError, LimnerError
from limner.files import write_text
from limner.strokes.drawing import Drawing
from limner.strokes.svg.document import parse_document
from limner.studio.limits import POINTS, REACH, STROKES
from limner.studio.shapes import InkedSketch, Name, Shape, Sketch, sketch_of

LARGEST_FILE = 20_000_000
INKS = {"you": "#1b1a17", "model": "#b4532a"}
MARK = "limner"


class Keeping(Shape):
    """A drawing to be kept."""

    sketch: InkedSketch
    name: Name = ""
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,64}$")] = ""
    """The page's own name for it: what comes twice is kept once."""


class Kept(Shape):
    """A drawing that is kept."""

    id: str
    name: str
    created: int
    """Milliseconds since 1970."""
    sketch: Sketch


def files_in(folder: Path) -> dict[str, Path]:
    """Give the SVG files of a folder by their names without suffix; links are left out."""
    if not folder.is_dir():
        return {}
    return {p.stem: p for p in folder.glob("*.svg") if p.is_file() and not p.is_symlink()}


def keep_in(folder: Path, keeping: Keeping, most: int) -> Kept:
    """Write a drawing into a folder; the one that bears its key already, if there is one.

    Raises
    ------
    LimnerError
        If the folder is full or cannot be written.
    """
    files = files_in(folder)
    if keeping.key:
        for stem, path in files.items():
            if stem.endswith(_tail(keeping.key)) and (there := read_kept(path)) is not None:
                return there
    if len(files) >= most:
        raise LimnerError(f"{most} drawings are kept already; give some up first.")
    tail = _tail(keeping.key or secrets.token_hex(16))
    stem = time.strftime("%Y-%m-%d_%H%M%S_") + (_plain(keeping.name) or "drawing") + tail
    text = svg_of(keeping.sketch, keeping.name, round(time.time() * 1000))
    write_text(folder / f"{stem}.svg", text)
    item = read_kept(folder / f"{stem}.svg")
    assert item is not None  # noqa: S101 - it has just been written
    return item


def read_kept(path: Path) -> Kept | None:
    """Read a kept drawing; None if the file is damaged, too large or gone."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        data = path.read_bytes()
        drawing, note = Drawing.from_svg_text(data, name=path.name), _note(data)
        name = str(note.get("name") or drawing.label or path.stem)
        by, label = _by(note, drawing), note.get("label")
        sketch = sketch_of(drawing.replace(label=label if isinstance(label, str) else None), by)
        return Kept(id=path.stem, name=name[:200], created=_created(note, path), sketch=sketch)
    except (DataError, OSError, RecursionError):
        return None


def svg_of(sketch: Sketch, name: str, created_ms: int) -> str:
    """Write a drawing as it is kept: a path a stroke, in the ink of whoever drew it."""
    drawing = sketch.drawing()
    by = sketch.by or ["model"] * len(drawing)
    note = {"version": 1, "name": name, "label": sketch.label, "created": created_ms, "by": by}
    text = drawing.replace(label=name or sketch.label).to_svg()
    mark = f"<metadata>{escape(json.dumps({MARK: note}))}</metadata>\n<g fill"
    inks = iter(by)
    inked = re.sub("<path d=", lambda _: f'<path stroke="{INKS[next(inks)]}" d=', text)
    return inked.replace("<g fill", mark, 1)


def _note(data: bytes) -> dict[str, Any]:
    found = parse_document(data, "The file").find("metadata")
    try:
        note = json.loads(found.text or "")[MARK] if found is not None else {}
    except (ValueError, KeyError, TypeError):
        return {}
    return note if isinstance(note, dict) else {}


def _by(note: dict[str, Any], drawing: Drawing) -> list[str] | None:
    by = note.get("by")
    fits = isinstance(by, list) and len(by) == len(drawing) and all(one in INKS for one in by)
    return by if fits else None


def _created(note: dict[str, Any], path: Path) -> int:
    created = note.get("created")
    if isinstance(created, int) and 0 <= created < 2**53:
        return created
    return round(path.stat().st_mtime * 1000)


def read_opened(text: str, name: str) -> Sketch:
    """Read the text of an SVG document as a drawing.

    Raises
    ------
    LimnerError
        If it is damaged, or too much for a page.
    """
    drawing = Drawing.from_svg_text(text, name=name or "The file", tolerance=0.25)
    if drawing.n_points > POINTS or len(drawing) > STROKES:
        raise LimnerError(f"A drawing has {STROKES} strokes and {POINTS} points at most.")
    if max(map(abs, drawing.bounds)) > REACH:
        raise LimnerError("The drawing is too large; scale it down.")
    return sketch_of(drawing)


def _tail(key: str) -> str:
    return f"_{key.replace('-', '')[-12:].lower()}"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
