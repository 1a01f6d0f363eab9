"""Pictures that lie on the scanner's desk: in memory, under names that nobody guesses, for a while."""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from math import ceil, sqrt
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageOps

from limner.errors import LimnerError
from limner.scan.picture import grey_of_image, pages_as
from limner.studio.house import Deadline
from limner.studio.limits import Limits
from limner.studio.scan.stages import Easel, Grey

T = TypeVar("T")

NAME_BYTES = 12
SHOWN_PX = 2_000
"""Longest side of a picture as it is shown."""
EASELS = 2
"""Pages whose stages are remembered, the last ones looked at."""


class GoneError(LimnerError):
    """A picture that is not on the desk, or not any more; it can be sent again."""


@dataclass
class Upload:
    """A picture as it came."""

    id: str
    name: str
    data: bytes
    pages: int
    used: float = field(default_factory=time.monotonic)


class Desk:
    """Holds pictures; the ones that were not used for longest make room for new ones.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._reading = threading.Lock()  # one picture at a time: a large one takes much memory
        self._uploads: OrderedDict[str, Upload] = OrderedDict()
        self._easels: OrderedDict[tuple[str, int], Easel] = OrderedDict()

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self._uploads)

    def put(self, data: bytes, name: str, deadline: Deadline) -> Upload:
        """Lay a picture on the desk, once its first page has been read.

        Raises
        ------
        DataError
            If it is no picture that can be read, or too large.
        """
        upload = Upload(secrets.token_urlsafe(NAME_BYTES), name, data, pages=1)
        with self._reading:
            upload.pages, grey = _first_page(upload)
        easel = Easel(*_bounded(grey, self.limits.scan_pixels), name, self.limits.scan_knots)
        with self._lock:
            self._uploads[upload.id] = upload
            self._keep_easel((upload.id, 1), easel)
            self._make_room()
        deadline.check()
        return upload

    def take(self, name: str) -> Upload:
        """Give a picture.

        Raises
        ------
        GoneError
            If it is not here.
        """
        with self._lock:
            self._make_room()
            if name not in self._uploads:
                raise GoneError("This picture is not on the desk any more; send it again.")
            self._uploads.move_to_end(name)
            self._uploads[name].used = time.monotonic()
            return self._uploads[name]

    def remove(self, name: str) -> None:
        """Forget a picture."""
        self.take(name)
        with self._lock:
            self._forget(name)

    def easel(self, name: str, page: int, deadline: Deadline) -> Easel:
        """Give a page with what was found on it so far; read it again where that is forgotten.

        Raises
        ------
        GoneError
            If the picture is not here.
        LimnerError
            If it has no such page.
        """
        upload = self.take(name)
        with self._reading:
            with self._lock:
                known = self._easels.get((name, page))
            if known is None:
                grey = _page(upload, page, grey_of_image, deadline)
                known = Easel(*_bounded(grey, self.limits.scan_pixels), upload.name, self.limits.scan_knots)
            with self._lock:
                self._keep_easel((name, page), known)
        return known

    def shown(self, name: str, page: int, deadline: Deadline) -> Image.Image:
        """Give a page as it is shown: upright, in colour where it has any, not too large."""
        upload = self.take(name)
        with self._reading:
            return _page(upload, page, _shown, deadline)

    def _keep_easel(self, key: tuple[str, int], easel: Easel) -> None:
        self._easels[key] = easel
        self._easels.move_to_end(key)
        while len(self._easels) > EASELS:
            self._easels.popitem(last=False)

    def _make_room(self) -> None:
        limits, now = self.limits, time.monotonic()
        for name, upload in list(self._uploads.items()):  # the one not used for longest comes first
            crowded = len(self._uploads) > limits.scans or self._bytes() > limits.scan_bytes
            if (crowded and len(self._uploads) > 1) or now - upload.used > limits.scan_seconds:
                self._forget(name)

    def _forget(self, name: str) -> None:
        self._uploads.pop(name, None)
        for key in [key for key in self._easels if key[0] == name]:
            del self._easels[key]

    def _bytes(self) -> int:
        return sum(len(upload.data) for upload in self._uploads.values())


def _first_page(upload: Upload) -> tuple[int, Grey]:
    """Give the number of pages, and the first one."""

    def read(image: Image.Image) -> tuple[int, Grey]:
        pages = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        return pages, grey_of_image(image)

    with _as_file(upload) as path:
        return next(pages_as(path, read))


def _page(upload: Upload, page: int, convert: Callable[[Image.Image], T], deadline: Deadline) -> T:
    if page > upload.pages:
        raise LimnerError(f"{upload.name} has {upload.pages} page{'s' * (upload.pages > 1)}.")
    with _as_file(upload) as path:
        pages: Iterator[T | None] = pages_as(path, lambda image: _only(image, page, convert))
        found = None
        for found in islice(pages, page):  # noqa: B007 - the last one is the page
            deadline.check()
    assert found is not None  # noqa: S101
    return found


def _only(image: Image.Image, page: int, convert: Callable[[Image.Image], T]) -> T | None:
    return convert(image) if image.tell() == page - 1 else None


@contextmanager
def _as_file(upload: Upload) -> Iterator[Path]:
    """Give the picture as a file of its own name, because readers say in their sentences which it is."""
    with tempfile.TemporaryDirectory(prefix="limner-") as folder:
        path = Path(folder) / upload.name
        path.write_bytes(upload.data)
        yield path


def _bounded(grey: Grey, most_pixels: int) -> tuple[Grey, int]:
    """Make a large page smaller by a whole number, and give that number."""
    factor = ceil(sqrt(grey.size / most_pixels))
    if factor <= 1:
        return grey, 1
    return np.asarray(Image.fromarray(grey).reduce(factor), dtype=np.float32), factor


def _shown(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")) or upright.has_transparency_data:
        upright = Image.fromarray(np.clip(grey_of_image(image), 0, 255).astype(np.uint8))
    else:
        upright = upright.convert("RGB")
    upright.thumbnail((SHOWN_PX, SHOWN_PX), Image.Resampling.LANCZOS)
    return upright
