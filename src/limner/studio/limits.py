"""How much the studio does for anybody who asks: sizes, counts and times that every request is held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from limner.scan.node_limit import MAX_NODES

SCAN_JOBS = ("scan", "preview", "picture", "ink", "scan-svg", "parts")


@dataclass(frozen=True)
class Limits:
    """Bounds of what is taken and done; beyond them a request is refused in a sentence."""

    body_bytes: int = 4_000_000
    """Size of a request."""
    upload_bytes: int = 64_000_000
    """Size of a request that brings a picture."""
    connections: int = 256
    """Connections at once."""
    connections_each: int = 128
    """Connections at once from one address."""
    head_seconds: float = 10.0
    """How long a connection may wait for the head of a request, from its beginning or the last answer."""
    stall_seconds: float = 60.0
    """How long an answer waits for somebody who does not read it."""
    body_seconds: float = 30.0
    """How long the rest of a request may take to arrive."""
    body_rate: float = 100_000.0
    """Bytes a second at which a request may arrive however large it is: what has come adds to its time."""
    message_bytes: int = 1_500_000
    """Size of a message over a WebSocket."""
    messages_per_second: int = 60
    """Messages of one page, on average over some seconds."""
    sessions: int = 64
    """Pages that draw at once."""
    futures: int = 8
    """Ways in which a drawing goes on at once, for one page."""
    rows: int = 512
    """Futures of all pages together."""
    new_points: int = 2_000
    """Points of one future."""
    turn_seconds: float = 180.0
    """How long a model goes on without being asked again."""
    works: int = 2
    """Longer pieces of work (morphs, films, sheets) done at once."""
    waiting: int = 12
    """Pieces of work that may wait for their turn."""
    work_seconds: float = 60.0
    """How long a piece of work may take."""
    work_bytes: int = 1_400_000_000
    """Memory of a worker that reads what strangers send."""
    apart_seconds: Mapping[str, float] = field(
        default_factory=lambda: {"svg": 7.0, "kept": 60.0} | dict.fromkeys(SCAN_JOBS, 25.0)
    )
    """The processor's time for each job of a worker."""
    kept: int = 10_000
    """Drawings in the folder of what is kept, and in each corpus there."""
    scans: int = 32
    """Pictures on the scanner's desk; those not used for longest make room."""
    scan_bytes: int = 256_000_000
    """Size of all pictures on the desk."""
    scan_seconds: float = 3_600.0
    """How long a picture that nobody looks at stays on the desk."""
    scan_pixels: int = 16_000_000
    """Larger pages are looked at smaller."""
    scan_knots: int = MAX_NODES
    """Places where the lines of a page end or meet; time grows faster than their number."""
    trainings: int = 1
    """Trainings at once."""
    map_drawings: int = 50_000
    """Drawings of a map."""
    maps: int = 24
    """Maps in the folder of what is kept; the oldest make room."""


STROKES = 2_000
POINTS = 40_000
"""Of one drawing that a page sends."""
REACH = 1e6
"""How far a coordinate may lie from the origin."""
EXPORT_POINTS = 200_000
"""Of all drawings of one export."""
