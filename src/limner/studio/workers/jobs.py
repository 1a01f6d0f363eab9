"""The jobs of workers by name; each imports what it needs when it first runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limner.studio.deadline import Deadline

if TYPE_CHECKING:
    from limner.studio.scan.scan_jobs import ScanReader


def read_svg(arguments: dict[str, Any]) -> bytes:
    """Parse an SVG document, ``arguments["text"]``, as a drawing."""
    from limner.studio.keep.folder import read_opened

    return read_opened(arguments["text"], arguments["name"]).model_dump_json().encode()


def read_kept(arguments: dict[str, Any]) -> bytes:
    """Read kept drawings, ``arguments["paths"]``."""
    from limner.studio.keep.kept_cache import read_files

    return read_files(arguments["paths"])


def scan_job(name: str) -> Callable[[dict[str, Any]], bytes]:
    """Return the job ``name`` of :mod:`limner.studio.scan.scan_jobs`."""

    def job(arguments: dict[str, Any]) -> bytes:
        from limner.studio.scan import scan_jobs

        run = getattr(scan_jobs, name)
        reader = _reader(arguments["max_pixels"], arguments["max_knots"])
        result: bytes = run(reader, arguments, Deadline(arguments["job_seconds"]))
        return result

    return job


@lru_cache(1)
def _reader(max_pixels: int, max_knots: int) -> ScanReader:
    from limner.studio.scan.scan_jobs import ScanReader

    return ScanReader(max_pixels, max_knots)


def clear_caches() -> None:
    """Drop all cached pages."""
    _reader.cache_clear()


JOBS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "svg": read_svg,
    "kept": read_kept,
    "scan": scan_job("scan"),
    "preview": scan_job("preview"),
    "picture": scan_job("picture"),
    "ink": scan_job("ink"),
    "scan-svg": scan_job("svg"),
    "parts": scan_job("parts"),
}
