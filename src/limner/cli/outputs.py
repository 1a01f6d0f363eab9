"""Write drawings to the file or folder that ``--out`` names, as pictures or as a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.formats.registry import write_as, writer_of, written_suffixes
from limner.files import write_bytes
from limner.render.gif import morph_to_gif
from limner.render.sheet import SheetOptions
from limner.render.style import Style
from limner.render.write import WRITERS, find_writer, write_drawings
from limner.strokes.drawing import Drawing


def check_output(path: Path) -> None:
    """Check that the path can be written, before any work is done."""
    find_writer(path, ALL_WRITERS)


def write_output(drawings: Sequence[Drawing], path: Path, **options: Any) -> None:
    """Write drawings in the format of the path's suffix."""
    write_drawings(drawings, path, writers=ALL_WRITERS, **options)


def fit_for(path: Path, drawings: list[Drawing]) -> list[Drawing]:
    """Return the drawings that the path can hold: a corpus has none without points."""
    return [drawing for drawing in drawings if drawing.n_points] if is_corpus(path) else drawings


def is_corpus(path: Path) -> bool:
    """Return whether the path is a corpus file, not a picture."""
    return writer_of(path.suffix) is not None


def write_morph(drawings: Sequence[Drawing], path: Path, style: Style) -> None:
    """Write the drawings as a GIF that shows one after the other."""
    write_bytes(path, morph_to_gif(drawings, style=style))


def class_names(drawings: Sequence[Drawing]) -> list[str] | None:
    """Return the labels as captions of a sheet; None for a single drawing, or if none is labelled."""
    names = [drawing.label or "" for drawing in drawings]
    return names if len(names) > 1 and any(names) else None


def _write_corpus(drawings: Sequence[Drawing], path: Path, style: Style, options: SheetOptions) -> None:
    del style, options
    labels, names = number_labels([drawing.label for drawing in drawings])
    train = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels)
    write_as(Corpus({"train": train}, names), path)


ALL_WRITERS = {**WRITERS, **dict.fromkeys(written_suffixes(), _write_corpus)}
