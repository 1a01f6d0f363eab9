"""Limits on requests: sizes, counts and times that hold for every visitor of a studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from limner.scan.node_limit import MAX_NODES

SCAN_JOBS = ("scan", "preview", "picture", "ink", "scan-svg", "parts")


@dataclass(frozen=True)
class Limits:
    """Limits of a studio; a request beyond them is refused with a sentence."""

    body_bytes: int = 4_000_000
    """Size of a request body."""
    upload_bytes: int = 64_000_000
    """Size of a request body that carries a picture."""
    connections: int = 256
    """Open connections in total."""
    connections_each: int = 128
    """Open connections from one address."""
    head_seconds: float = 10.0
    """Time until the head of a request is complete, from the connection's start or the last answer."""
    stall_seconds: float = 60.0
    """Time for which an answer waits for a client that does not read."""
    body_seconds: float = 30.0
    """Time until a request body is complete; :attr:`body_rate` extends it."""
    body_rate: float = 100_000.0
    """Bytes per second; each received byte extends the time for the body accordingly."""
    message_bytes: int = 1_500_000
    """Size of a WebSocket message."""
    messages_per_second: int = 60
    """WebSocket messages of one page, averaged over a few seconds."""
    sessions: int = 64
    """Pages connected to the Draw room."""
    futures: int = 8
    """Continuations of a drawing that one page draws at once."""
    rows: int = 512
    """Continuations that all pages draw at once."""
    new_points: int = 2_000
    """Points of one continuation."""
    turn_seconds: float = 180.0
    """Time for which a model draws without a new request."""
    concurrent_jobs: int = 2
    """Longer jobs (morphs, films, sheets) that run at once."""
    queued_jobs: int = 12
    """Jobs that may wait."""
    job_seconds: float = 60.0
    """Wall-clock time of a job."""
    worker_bytes: int = 1_400_000_000
    """Memory of a worker process, which parses untrusted data."""
    worker_cpu_seconds: Mapping[str, float] = field(
        default_factory=lambda: {"svg": 7.0, "kept": 60.0} | dict.fromkeys(SCAN_JOBS, 25.0)
    )
    """Processor time for each job of a worker."""
    kept_drawings: int = 10_000
    """Drawings in the folder of kept drawings, and in each corpus there."""
    uploads: int = 32
    """Uploaded pictures that are stored; the least recently used ones are evicted."""
    uploaded_bytes: int = 256_000_000
    """Total size of the stored pictures."""
    upload_idle_seconds: float = 3_600.0
    """Time after which a picture that was not used is evicted."""
    scan_pixels: int = 16_000_000
    """Larger pages are reduced before they are scanned."""
    scan_knots: int = MAX_NODES
    """Pixels of a page at which lines end or meet; time grows faster than their number."""
    hand_pictures: int = 300
    """Pictures that a hand is learned from."""
    hand_bytes: int = 1_000_000_000
    """Total size of these pictures."""
    concurrent_trainings: int = 1
    """Trainings that run at once."""
    map_drawings: int = 50_000
    """Drawings of a map."""
    maps: int = 24
    """Maps on disk; the oldest ones are removed."""


STROKES = 2_000
"""Strokes of one drawing that a page sends."""
POINTS = 40_000
"""Points of one drawing that a page sends."""
REACH = 1e6
"""Greatest absolute value of a coordinate."""
EXPORT_POINTS = 200_000
"""Points of all drawings of one export."""
