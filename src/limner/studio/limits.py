"""How much the studio does for anybody who asks: sizes, counts and times that every request is held to."""

from __future__ import annotations

from dataclasses import dataclass

from limner.scan.knots import MOST_KNOTS


@dataclass(frozen=True)
class Limits:
    """Bounds of what is taken and done; beyond them a request is refused in a sentence."""

    body_bytes: int = 4_000_000
    """Size of a request."""
    upload_bytes: int = 64_000_000
    """Size of a request that brings a picture."""
    body_seconds: float = 30.0
    """How long a request may take to arrive."""
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
    kept: int = 10_000
    """Drawings in the folder of what is kept, and in each corpus there."""
    uploads: int = 3
    """Pictures that are received at once."""
    scans: int = 32
    """Pictures on the scanner's desk; those not used for longest make room."""
    scan_bytes: int = 256_000_000
    """Size of all pictures on the desk."""
    scan_seconds: float = 3_600.0
    """How long a picture that nobody looks at stays on the desk."""
    scan_pixels: int = 16_000_000
    """Larger pages are looked at smaller."""
    scan_knots: int = MOST_KNOTS
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
