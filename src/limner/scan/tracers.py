"""The table of tracers: how a mask of ink becomes strokes.

Letters: ``H`` and ``W`` of the mask, ``n`` points of a stroke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from limner.errors import LimnerError
from limner.registry import Registry
from limner.scan.node_limit import MAX_NODES
from limner.scan.settings import DEFAULT_TRACER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.junction_choices import Junction, PairingWish


@dataclass(frozen=True)
class TracerInput:
    """The ink of a page.

    Parameters
    ----------
    mask : bool array of shape ``(H, W)``
        Ink of the drawing alone: specks, borders and printed ruling are removed.
    dark : float32 array of shape ``(H, W)``
        Darkness of the page, about 0 on paper and up to 1; finer than the mask.
    pen_scale : float
        Factor of the width of the pen that a person has asked for, 1 unless they did.
    name : str
        Begins the sentence about a page that is refused.
    max_nodes : int
        Limit of the pixels in which lines end or meet; see :mod:`limner.scan.node_limit`.
    photograph : bool
        Whether the page looks like a photograph.
    """

    mask: NDArray[np.bool_]
    dark: NDArray[np.float32]
    pen_scale: float = 1.0
    name: str = "The picture"
    max_nodes: int = MAX_NODES
    photograph: bool = False


@dataclass(frozen=True)
class TracedStrokes:
    """What a tracer returns.

    Parameters
    ----------
    strokes : sequence of arrays of shape ``(n, 2)``
        Columns x and y, in pixels of the mask; the first pixel's center is (0.5, 0.5). A dot is one point.
    pen_px : float
        Width of the pen, in pixels of the mask.
    filled_areas : int
        Number of areas that were filled, and are read along their middle.
    junctions : sequence of Junction
        Where lines meet, in pixels of the mask, and how they may go on there; none where the tracer does not
        decide that.
    unmet : int
        Number of the wishes whose junctions were not found.
    """

    strokes: Sequence[NDArray[np.floating[Any]]]
    pen_px: float
    filled_areas: int = 0
    junctions: Sequence[Junction] = ()
    unmet: int = 0


class Tracer(Protocol):
    """The protocol of tracers: a class that is called with the ink of one page.

    What does not depend on the settings is done once, when it is called; :meth:`trace` may be called several
    times. Both may raise :class:`limner.errors.DataError` with a sentence that begins with the page's name.
    """

    def __init__(self, ink: TracerInput) -> None: ...

    def trace(self, *, single_line: bool) -> TracedStrokes:
        """Return the strokes.

        Parameters
        ----------
        single_line : bool
            Whether each connected figure shall be one stroke.
        """
        ...


@runtime_checkable
class JunctionTracer(Protocol):
    """A tracer that decides how lines go on where they meet, and can be told."""

    def trace_as(self, wishes: Sequence[PairingWish], *, single_line: bool) -> TracedStrokes:
        """Return the strokes.

        Parameters
        ----------
        wishes : sequence of PairingWish
            What a person chose, in pixels of the mask.
        single_line : bool
            See :meth:`Tracer.trace`.
        """
        ...


def _is_tracer(entry: object) -> bool:
    return isinstance(entry, type) and callable(getattr(entry, "trace", None))


TRACERS: Registry[type[Tracer]] = Registry(
    "limner.tracers",
    "tracer",
    {DEFAULT_TRACER: "limner.scan.skeleton_tracer:SkeletonTracer"},
    _is_tracer,
)
"""All tracers by name; other packages add theirs with the entry point group ``limner.tracers``."""


def trace_ink(
    tracer: Tracer, name: str, *, single_line: bool, wishes: Sequence[PairingWish] = ()
) -> TracedStrokes:
    """Let a tracer trace, and check what it returns.

    Wishes about junctions are met by a :class:`JunctionTracer`, and stay unmet with any other.

    Raises
    ------
    LimnerError
        If a stroke is no finite array of shape ``(n, 2)`` with at least one point.
    """
    if wishes and isinstance(tracer, JunctionTracer):
        traced = tracer.trace_as(wishes, single_line=single_line)
    else:
        traced = replace(tracer.trace(single_line=single_line), unmet=len(wishes))
    for stroke in traced.strokes:
        array = np.asarray(stroke)
        if array.ndim != 2 or array.shape[1] != 2 or not len(array) or not np.isfinite(array).all():
            raise LimnerError(
                f"the tracer {name} returned a stroke of shape {array.shape}, not finite points (n, 2)"
            )
    return traced
