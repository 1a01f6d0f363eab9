"""Pictures that lie on the scanner's desk: as files, under names that nobody guesses, for a while.

Nothing of them is in memory here: what is on them is read by workers; see :mod:`limner.studio.scan.reading`.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from limner.errors import LimnerError
from limner.studio.limits import Limits

NAME_BYTES = 12
PREFIX = "limner-studio-"


class GoneError(LimnerError):
    """A picture that is not on the desk, or not any more; it can be sent again."""


@dataclass
class Upload:
    """A picture as it came."""

    id: str
    name: str
    path: Path
    size: int
    """In bytes."""
    used: float = field(default_factory=time.monotonic)


class Desk:
    """Holds pictures; the ones that were not used for longest make room for new ones.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._lock = threading.Lock()
        self._uploads: OrderedDict[str, Upload] = OrderedDict()

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self._uploads)

    def put(self, picture: Path, name: str) -> Upload:
        """Lay a picture on the desk; its file moves there."""
        id = secrets.token_urlsafe(NAME_BYTES)  # noqa: A001
        place = self.folder / id
        place.mkdir()
        path = place / name  # readers say in their sentences which file it is
        picture.replace(path)
        upload = Upload(id, name, path, path.stat().st_size)
        with self._lock:
            self._uploads[upload.id] = upload
            self._make_room()
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

    def close(self) -> None:
        """Clear the desk."""
        with self._lock:
            self._uploads.clear()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _make_room(self) -> None:
        limits, now = self.limits, time.monotonic()
        for name, upload in list(self._uploads.items()):  # the one not used for longest comes first
            crowded = len(self._uploads) > limits.scans or self._bytes() > limits.scan_bytes
            if (crowded and len(self._uploads) > 1) or now - upload.used > limits.scan_seconds:
                self._forget(name)

    def _forget(self, name: str) -> None:
        upload = self._uploads.pop(name, None)
        if upload is not None:
            shutil.rmtree(upload.path.parent, ignore_errors=True)

    def _bytes(self) -> int:
        return sum(upload.size for upload in self._uploads.values())


def sweep() -> None:
    """Remove the desks of studios that have died."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        found = re.match(rf"{PREFIX}(\d{{1,9}})-", folder.name)
        if found and folder.is_dir() and not folder.is_symlink() and not _lives(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    with suppress(PermissionError):  # somebody else's process
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
