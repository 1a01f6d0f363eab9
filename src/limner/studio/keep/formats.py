"""The formats of exports: the table of drawing writers, pages for plotters, and npz to train on."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.npz_writer import write_npz
from limner.plot.plan import PlotOptions
from limner.plot.writers import plot_writers
from limner.render.write import write_with
from limner.render.writers import FOLDER, WRITERS, DrawingWriter, WriteOptions
from limner.strokes.drawing import Drawing


def export_formats(plot: PlotOptions | None = None) -> dict[str, DrawingWriter]:
    """Return what an export can be written as, by name, in the order of the menu.

    Parameters
    ----------
    plot : PlotOptions, optional
        Of pages for plotters.
    """
    files = {name: writer for name, writer in WRITERS.items() if writer.suffix != FOLDER}
    first = {"svg": files.pop("svg")}
    return {**first, **plot_writers(plot), **files, "npz": NPZ}


def export_bytes(
    name: str, drawings: Sequence[Drawing], options: WriteOptions, plot: PlotOptions | None = None
) -> bytes:
    """Return drawings as the content of a file.

    Parameters
    ----------
    name : str
        One of :func:`export_formats`.
    drawings : sequence of Drawing
    options : WriteOptions
    plot : PlotOptions, optional
        Of pages for plotters.

    Raises
    ------
    LimnerError
        If the format cannot be written here, as an extra is missing.
    """
    writer = export_formats(plot)[name]
    if writer.check is not None:
        writer.check()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"drawings{writer.suffix}"
        write_with(writer, drawings, path, options)
        return path.read_bytes()


def _write_npz(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    del options
    labels, names = number_labels([drawing.label for drawing in drawings])
    split = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels)
    write_npz(Corpus({"train": split}, names), path)


NPZ = DrawingWriter("npz, to train on", ".npz", "application/octet-stream", _write_npz)
