"""Write drawings to the file or folder that ``--out`` names, as pictures or as a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.formats.registry import write_as, writer_of, written_suffixes
from limner.errors import LimnerError
from limner.render.pace import Pace
from limner.render.style import Style
from limner.render.write import find_writer, names_folder, write_drawings, write_with
from limner.render.writers import WriteOptions
from limner.strokes.drawing import Drawing

MORPH_FPS = 10
"""Drawings per second of a morph."""


def check_output(path: Path) -> None:
    """Refuse a path of unknown kind before any work is done."""
    if not is_corpus(path):
        find_writer(path, others=written_suffixes())


def write_output(drawings: Sequence[Drawing], path: Path, **options: Any) -> None:
    """Write drawings as the suffix says; ``options`` as in :func:`limner.render.write.write_drawings`."""
    if not is_corpus(path):
        write_drawings(drawings, path, **options)
    elif not drawings:
        raise LimnerError(f"There are no drawings to write to {path}.")
    else:
        _write_corpus(drawings, path)


def fit_for(path: Path, drawings: list[Drawing]) -> list[Drawing]:
    """Return the drawings that the path can hold: a corpus has none without points."""
    return [drawing for drawing in drawings if drawing.n_points] if is_corpus(path) else drawings


def is_corpus(path: Path) -> bool:
    """Return whether drawings are written to the path as a corpus, not as a picture."""
    return writer_of(path.suffix) is not None and not names_folder(path)


def write_morph(drawings: Sequence[Drawing], path: Path, style: Style) -> None:
    """Write one drawing after another: an animation where the format moves, else a sheet or a corpus."""
    if is_corpus(path):
        write_output(drawings, path)
    else:
        pace = Pace(max(len(drawings), 1) / MORPH_FPS, hold_seconds=0.5)
        write_with(find_writer(path), drawings, path, WriteOptions(style, kind="morph", pace=pace))


def class_names(drawings: Sequence[Drawing]) -> list[str] | None:
    """Return the labels as captions of a sheet; None for a single drawing, or if none is labelled."""
    names = [drawing.label or "" for drawing in drawings]
    return names if len(names) > 1 and any(names) else None


def _write_corpus(drawings: Sequence[Drawing], path: Path) -> None:
    labels, names = number_labels([drawing.label for drawing in drawings])
    train = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels)
    write_as(Corpus({"train": train}, names), path)
