"""Drawings to the file or folder that ``--out`` names: pictures, or a corpus."""

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
    """Refuse a path of unknown kind before any work is done."""
    find_writer(path, ALL_WRITERS)


def write_output(drawings: Sequence[Drawing], path: Path, **options: Any) -> None:
    """Write drawings as the suffix says."""
    write_drawings(drawings, path, writers=ALL_WRITERS, **options)


def fit_for(path: Path, drawings: list[Drawing]) -> list[Drawing]:
    """Leave out drawings without points where they have no place, which is in a corpus."""
    return [drawing for drawing in drawings if drawing.n_points] if is_corpus(path) else drawings


def is_corpus(path: Path) -> bool:
    """Tell whether drawings are written to the path as a corpus, not as a picture."""
    return writer_of(path.suffix) is not None


def write_morph(drawings: Sequence[Drawing], path: Path, style: Style) -> None:
    """Write one drawing after another as a GIF."""
    write_bytes(path, morph_to_gif(drawings, style=style))


def class_names(drawings: Sequence[Drawing]) -> list[str] | None:
    """Return what drawings show, as captions of a sheet; None for one alone, or where nobody knows."""
    names = [drawing.label or "" for drawing in drawings]
    return names if len(names) > 1 and any(names) else None


def _write_corpus(drawings: Sequence[Drawing], path: Path, style: Style, options: SheetOptions) -> None:
    del style, options
    labels, names = number_labels([drawing.label for drawing in drawings])
    train = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels)
    write_as(Corpus({"train": train}, names), path)


ALL_WRITERS = {**WRITERS, **dict.fromkeys(written_suffixes(), _write_corpus)}
