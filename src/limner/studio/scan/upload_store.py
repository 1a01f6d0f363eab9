"""``UploadStore``: uploaded pictures as files under unguessable names, for a limited time.

Workers read the files (:mod:`limner.studio.scan.scan_jobs`); nothing of them is kept in memory here.
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


class UploadGoneError(LimnerError):
    """A picture that is not stored, or no longer; it can be sent again."""


@dataclass
class Upload:
    """An uploaded picture."""

    id: str
    name: str
    path: Path
    size: int
    """In bytes."""
    used: float = field(default_factory=time.monotonic)


class UploadStore:
    """A temporary folder of pictures, from which the least recently used ones are evicted.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        remove_stale_folders()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._lock = threading.Lock()
        self._uploads: OrderedDict[str, Upload] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self._uploads)

    def put(self, picture: Path, name: str) -> Upload:
        """Move a picture's file into the store."""
        id = secrets.token_urlsafe(NAME_BYTES)  # noqa: A001
        folder = self.folder / id
        folder.mkdir()
        path = folder / name  # error messages name the file
        picture.replace(path)
        upload = Upload(id, name, path, path.stat().st_size)
        with self._lock:
            self._uploads[upload.id] = upload
            self._evict()
        return upload

    def get(self, name: str) -> Upload:
        """Return a picture and mark it as used.

        Raises
        ------
        UploadGoneError
            If it is not stored.
        """
        with self._lock:
            self._evict()
            if name not in self._uploads:
                raise UploadGoneError("This picture is not stored any more; send it again.")
            self._uploads.move_to_end(name)
            self._uploads[name].used = time.monotonic()
            return self._uploads[name]

    def remove(self, name: str) -> None:
        """Remove a picture."""
        self.get(name)
        with self._lock:
            self._remove(name)

    def close(self) -> None:
        """Remove the folder."""
        with self._lock:
            self._uploads.clear()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _evict(self) -> None:
        limits, now = self.limits, time.monotonic()
        for name, upload in list(self._uploads.items()):  # the least recently used one comes first
            crowded = len(self._uploads) > limits.uploads or self._bytes() > limits.uploaded_bytes
            if (crowded and len(self._uploads) > 1) or now - upload.used > limits.upload_idle_seconds:
                self._remove(name)

    def _remove(self, name: str) -> None:
        upload = self._uploads.pop(name, None)
        if upload is not None:
            shutil.rmtree(upload.path.parent, ignore_errors=True)

    def _bytes(self) -> int:
        return sum(upload.size for upload in self._uploads.values())


def remove_stale_folders() -> None:
    """Remove the folders of studios that have died."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        match = re.match(rf"{PREFIX}(\d{{1,9}})-", folder.name)
        if match and folder.is_dir() and not folder.is_symlink() and not _is_alive(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    with suppress(PermissionError):  # somebody else's process
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
