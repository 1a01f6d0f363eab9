"""The folder of kept drawings: one SVG file per drawing.

The folder is the only record: files that are added by other programs appear, removed ones disappear. The
``<metadata>`` of a file holds when the drawing was kept and who drew each stroke.
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

from limner.corpus.text import ignored_notes
from limner.errors import DataError, LimnerError
from limner.files import write_text
from limner.strokes.drawing import Drawing
from limner.strokes.svg.document import parse_document
from limner.strokes.svg.skipped import Skipped
from limner.studio.limits import POINTS, REACH, STROKES
from limner.studio.schemas import Name, NonEmptySketch, Schema, Sketch, sketch_of

MAX_FILE_BYTES = 20_000_000
INKS = {"you": "#1b1a17", "model": "#b4532a"}
MARK = "limner"


class KeepRequest(Schema):
    """A drawing to keep."""

    sketch: NonEmptySketch
    name: Name = ""
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,64}$")] = ""
    """Chosen by the page for this drawing; a repeated request keeps nothing twice."""


class KeptDrawing(Schema):
    """A kept drawing."""

    id: str
    name: str
    created: int
    """Milliseconds since 1970."""
    sketch: Sketch


class OpenedSketch(Sketch):
    """A drawing from an SVG document."""

    notes: list[str] = Field(default_factory=list)
    """Which elements of the document were skipped, if any."""


def files_in(folder: Path) -> dict[str, Path]:
    """Return the SVG files of a folder by name without suffix; symbolic links are ignored."""
    if not folder.is_dir():
        return {}
    return {p.stem: p for p in folder.glob("*.svg") if p.is_file() and not p.is_symlink()}


def keep_in(folder: Path, keeping: KeepRequest, limit: int) -> KeptDrawing:
    """Write a drawing into a folder, or return the one that was written under the same key before.

    Raises
    ------
    LimnerError
        If the folder is full or cannot be written.
    """
    files = files_in(folder)
    if keeping.key:
        for stem, path in files.items():
            if stem.endswith(_tail(keeping.key)) and (existing := read_kept(path)) is not None:
                return existing
    if len(files) >= limit:
        raise LimnerError(f"{limit} drawings are kept already; give some up first.")
    tail = _tail(keeping.key or secrets.token_hex(16))
    stem = time.strftime("%Y-%m-%d_%H%M%S_") + (_slug(keeping.name) or "drawing") + tail
    text = svg_of(keeping.sketch, keeping.name, round(time.time() * 1000))
    write_text(folder / f"{stem}.svg", text)
    kept = read_kept(folder / f"{stem}.svg")
    assert kept is not None  # noqa: S101 - it was just written
    return kept


def read_kept(path: Path) -> KeptDrawing | None:
    """Read a kept drawing; None if the file is damaged, too large or missing."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return None
        data = path.read_bytes()
        drawing, metadata = Drawing.from_svg_text(data, name=path.name), _read_metadata(data)
        name = str(metadata.get("name") or drawing.label or path.stem)
        by, label = _by(metadata, drawing), metadata.get("label")
        sketch = sketch_of(drawing.replace(label=label if isinstance(label, str) else None), by)
        return KeptDrawing(id=path.stem, name=name[:200], created=_created_ms(metadata, path), sketch=sketch)
    except (DataError, OSError, RecursionError):
        return None


def svg_of(sketch: Sketch, name: str, created_ms: int) -> str:
    """Return the SVG document of a kept drawing: one path per stroke, in the colour of its author."""
    drawing = sketch.drawing()
    by = sketch.by or ["model"] * len(drawing)
    metadata = {"version": 1, "name": name, "label": sketch.label, "created": created_ms, "by": by}
    text = drawing.replace(label=name or sketch.label).to_svg()
    mark = f"<metadata>{escape(json.dumps({MARK: metadata}))}</metadata>\n<g fill"
    inks = iter(by)
    coloured = re.sub("<path d=", lambda _: f'<path stroke="{INKS[next(inks)]}" d=', text)
    return coloured.replace("<g fill", mark, 1)


def _read_metadata(data: bytes) -> dict[str, Any]:
    element = parse_document(data, "The file").find("metadata")
    try:
        metadata = json.loads(element.text or "")[MARK] if element is not None else {}
    except (ValueError, KeyError, TypeError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _by(metadata: dict[str, Any], drawing: Drawing) -> list[str] | None:
    by = metadata.get("by")
    fits = isinstance(by, list) and len(by) == len(drawing) and all(author in INKS for author in by)
    return by if fits else None


def _created_ms(metadata: dict[str, Any], path: Path) -> int:
    created = metadata.get("created")
    if isinstance(created, int) and 0 <= created < 2**53:
        return created
    return round(path.stat().st_mtime * 1000)


def read_opened(text: str, name: str) -> OpenedSketch:
    """Parse an SVG document; return the drawing, and notes about what was skipped.

    Raises
    ------
    LimnerError
        If it is damaged, or too large for a page.
    """
    skipped = Skipped()
    drawing = Drawing.from_svg_text(text, name=name or "The file", tolerance=0.25, skipped=skipped)
    if drawing.n_points > POINTS or len(drawing) > STROKES:
        raise LimnerError(f"A drawing has {STROKES} strokes and {POINTS} points at most.")
    if max(map(abs, drawing.bounds)) > REACH:
        raise LimnerError("The drawing is too large; scale it down.")
    return OpenedSketch.model_construct(**dict(sketch_of(drawing)), notes=list(ignored_notes(skipped)))


def _tail(key: str) -> str:
    return f"_{key.replace('-', '')[-12:].lower()}"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
