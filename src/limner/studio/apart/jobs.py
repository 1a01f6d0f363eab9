"""What workers can be asked for, by name; each imports what it needs when it is asked for the first time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limner.studio.deadline import Deadline

if TYPE_CHECKING:
    from limner.studio.scan.reading import Reader


def read_svg(asked: dict[str, Any]) -> bytes:
    """Read the text of an SVG document, ``asked["text"]``, as a drawing."""
    from limner.studio.keep.folder import read_opened

    return read_opened(asked["text"], asked["name"]).model_dump_json().encode()


def read_kept(asked: dict[str, Any]) -> bytes:
    """Read kept drawings, ``asked["paths"]``."""
    from limner.studio.keep.listing import read_files

    return read_files(asked["paths"])


def scanning(name: str) -> Callable[[dict[str, Any]], bytes]:
    """Return a job of :mod:`limner.studio.scan.reading`."""

    def job(asked: dict[str, Any]) -> bytes:
        from limner.studio.scan import reading

        do = getattr(reading, name)
        reader = _reader(asked["most_pixels"], asked["most_knots"])
        result: bytes = do(reader, asked, Deadline(asked["work_seconds"]))
        return result

    return job


@lru_cache(1)
def _reader(most_pixels: int, most_knots: int) -> Reader:
    from limner.studio.scan.reading import Reader

    return Reader(most_pixels, most_knots)


def forget() -> None:
    """Forget what was read."""
    _reader.cache_clear()


JOBS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "svg": read_svg,
    "kept": read_kept,
    "scan": scanning("scan"),
    "preview": scanning("preview"),
    "picture": scanning("picture"),
    "ink": scanning("ink"),
    "scan-svg": scanning("svg"),
    "parts": scanning("parts"),
}
