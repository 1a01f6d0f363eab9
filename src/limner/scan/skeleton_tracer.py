"""The tracer that comes with limner: ink is thinned to a skeleton, whose graph is read as strokes.

Letters: ``H`` and ``W`` of the mask.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from skimage.morphology import skeletonize

from limner.scan.binarize import pen_width
from limner.scan.centerline import center_lines
from limner.scan.gaps import bridge_gaps
from limner.scan.graph import pixel_graph
from limner.scan.junction_clusters import read_junctions
from limner.scan.junctions import JunctionGeometry
from limner.scan.node_limit import MAX_SINGLE_LINE_NODES, check_node_count, count_nodes
from limner.scan.retrace import link_retraced
from limner.scan.spurs import prune_spurs
from limner.scan.traced_lines import chain_edges, with_dots
from limner.scan.tracers import TracedStrokes
from limner.scan.widths import Widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Points
    from limner.scan.junction_choices import PairingWish
    from limner.scan.junctions import JunctionReading
    from limner.scan.tracers import TracerInput

    Mask = NDArray[np.bool_]
    Dark = NDArray[np.float32]


class SkeletonTracer:
    """Follows the skeleton of ink; see :class:`limner.scan.tracers.Tracer`.

    Parameters
    ----------
    ink : TracerInput

    Raises
    ------
    DataError
        If there are more nodes than the input allows.
    """

    def __init__(self, ink: TracerInput) -> None:
        part = inked_part(ink.mask, ceil(2 * pen_width(ink.mask)))
        self.skeleton = skeletonize(ink.mask[part])
        self._nodes, self._name = count_nodes(self.skeleton), ink.name
        check_node_count(self._nodes, ink.max_nodes, name=ink.name, photograph=ink.photograph)
        self._widths = Widths(ink.mask[part], self.skeleton)
        self._widths.pen_px *= ink.pen_scale
        self._dark = ink.dark[part]
        self._corner = np.array([part[1].start, part[0].start])

    def trace(self, *, single_line: bool = False) -> TracedStrokes:
        """Return the strokes; see :meth:`trace_as`."""
        return self.trace_as((), single_line=single_line)

    def trace_as(self, wishes: Sequence[PairingWish], *, single_line: bool = False) -> TracedStrokes:
        """Return the strokes, and the junctions with what else they might be.

        Raises
        ------
        DataError
            If there are too many nodes for a single line.
        """
        if single_line:
            check_node_count(self._nodes, MAX_SINGLE_LINE_NODES, name=self._name, single_line=True)
        in_part = [wish.moved(lambda points: points - self._corner) for wish in wishes]
        strokes, reading = trace_skeleton(
            self.skeleton, self._dark, self._widths, single_line=single_line, wishes=in_part
        )
        return TracedStrokes(
            [stroke + self._corner for stroke in strokes],
            self._widths.pen_px,
            self._widths.filled_areas,
            [junction.moved(lambda points: points + self._corner) for junction in reading.junctions],
            reading.unmet,
        )


def trace_skeleton(
    skeleton: Mask,
    dark: Dark,
    widths: Widths,
    *,
    single_line: bool = False,
    wishes: Sequence[PairingWish] = (),
) -> tuple[list[Points], JunctionReading]:
    """Return the lines of a skeleton as they were drawn, and what was decided at its junctions.

    Parameters
    ----------
    skeleton : bool array of shape ``(H, W)``
    dark : float32 array of shape ``(H, W)``
        Darkness of the page, for the middle of the ink.
    widths : Widths
        Of the ink that was thinned.
    single_line : bool
        Whether each connected figure is one line.
    wishes : sequence of PairingWish
        How lines go on at junctions that a person has looked at.
    """
    pen = widths.pen_px
    graph = pixel_graph(skeleton)
    geometry = JunctionGeometry(graph, widths)
    prune_spurs(graph, geometry.radius, geometry.is_cusp)
    reading = read_junctions(geometry, wishes)
    link_retraced(geometry, reading)
    if single_line:
        from limner.scan.route_inspection import SingleLineRouter  # networkx is slow to import

        SingleLineRouter(geometry, reading).run()
    lines = chain_edges(graph, reading, pen)
    strokes = bridge_gaps(with_dots(lines, center_lines(lines, dark, pen), pen), dark, pen)
    return strokes, reading


def inked_part(mask: Mask, margin_px: int) -> tuple[slice, slice]:
    """Return the rows and columns that hold all ink, with a margin where there is room for one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = (max(0, int(line[0]) - margin_px) for line in (rows, columns))
    return slice(top, int(rows[-1]) + margin_px + 1), slice(left, int(columns[-1]) + margin_px + 1)
