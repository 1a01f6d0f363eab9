"""Reading SVG files: one drawing a file, labelled by its folder where there are several folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.reading import Reading, number_labels
from limner.corpus.rows import NO_POINTS
from limner.errors import DataError
from limner.strokes.svg_reader import read_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from limner.corpus.collector import Collector
    from limner.strokes.drawing import Drawing


def read_svgs(
    files: Sequence[Path],
    root: Path,
    collector: Collector,
    *,
    tick: Callable[[], object],
) -> Reading:
    """Read a folder of SVG files.

    Parameters
    ----------
    files : sequence of Path
        In the order in which the drawings shall stand.
    root : Path
        The folder that they were found in; sources are named from there.
    collector : Collector
        Is told of files that cannot be read.
    tick : callable
        Called after each file.

    Raises
    ------
    DataError
        If a file cannot be read and the collector is strict.
    """
    several = len({file.parent for file in files}) > 1
    arrays, labels, sources = [], [], []
    for file in files:
        source = f"{file.relative_to(root).as_posix()}#0"
        drawing = _read(file, source, collector)
        if drawing is not None:
            arrays.append(drawing.to_stroke3())
            labels.append(file.parent.name if several else None)
            sources.append(source)
        tick()
    indices, names = number_labels(labels)
    return Reading({None: Split.from_arrays(arrays, indices, sources)}, names, ("float32",))


def read_one_svg(file: Path) -> Reading:
    """Read a single SVG file.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    rows = read_svg(file).to_stroke3()
    split = Split.from_arrays([rows], sources=[f"{file.name}#0"])
    return Reading({None: split.take(np.flatnonzero(split.lengths))}, (), ("float32",))


def _read(file: Path, source: str, collector: Collector) -> Drawing | None:
    try:
        drawing = read_svg(file)
    except DataError as error:
        collector.reject_file(source, error)
        return None
    if not len(drawing):
        collector.omit(source, NO_POINTS)
        return None
    return drawing
