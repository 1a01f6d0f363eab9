"""Fetching datasets of the catalogue, from a folder at hand or from where they are published."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from limner.corpus.catalogue import Entry, find_entry
from limner.errors import DataError, LimnerError
from limner.files import explained, make_folder, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.progress import Progress

ATTEMPTS = 4
PAUSE_S = 1.0  # before the second attempt; twice as long before each further one
TIMEOUT_S = 30.0
_CHUNK = 1 << 16
MOST = 1 << 32
"""Bytes of a file whose size is not known; the largest of the catalogue have some 200 million."""


class _BrokenOffError(Exception):
    """A transfer that ended early; what came is kept, and another attempt may go on from there."""


def get(
    name: str,
    *,
    cache_dir: str | Path | None = None,
    mirror: str | Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Give the file of a dataset, fetching it if it is not there yet.

    If ``mirror``, or else the environment variable ``LIMNER_DATA``, names a folder that holds the file at any
    depth, it is copied from there. Otherwise it is downloaded; a download that broke off goes on where it
    stopped.

    Parameters
    ----------
    name : str
        As in :func:`limner.corpus.catalogue.catalogue`, such as ``sheep`` or ``quickdraw/cat``.
    cache_dir : str or Path, optional
        Where files are kept; the user's cache folder unless given.
    mirror : str or Path, optional
    progress : callable, optional
        Called with the bytes that are there and the bytes of the file, or None where that is not known.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If there is no such dataset, or what came is not the published file; nothing is kept of that.
    LimnerError
        If it cannot be fetched or written.
    """
    entry = find_entry(name)
    target = Path(cache_dir or default_cache()) / entry.file
    if _is_there(target, entry):
        return target
    copy = _find_copy(entry, mirror)
    if copy is None:
        with _alone(target):
            if not _is_there(target, entry):  # another process may have fetched it meanwhile
                _download(entry, target, progress)
        return target
    with whole_file(target) as draft:
        shutil.copyfile(copy, draft)
        _refuse_fault(draft, entry, str(copy))
    return target


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let one process at a time fetch a file; the others wait. The lock ends with its process."""
    with explained(target):
        make_folder(target.parent)
    name = hashlib.sha256(str(target.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    with FileLock(Path(tempfile.gettempdir(), f"limner-{os.getuid()}-{name}.lock")):
        yield


def default_cache() -> Path:
    """Give the folder where datasets are kept unless said otherwise."""
    from platformdirs import user_cache_path

    return user_cache_path("limner") / "data"


def _find_copy(entry: Entry, mirror: str | Path | None) -> Path | None:
    place = mirror or os.environ.get("LIMNER_DATA")
    if not place:
        return None
    folder = Path(place)
    if mirror and not folder.is_dir():
        raise LimnerError(f"The mirror {mirror} is not a folder.")
    found = sorted(folder.rglob(Path(entry.file).name), key=lambda file: (len(file.parts), file))
    right = [file for file in found if _fault(file, entry) is None]
    return next(iter(right + found), None)  # a wrong one is refused by name, not passed over


def _is_there(target: Path, entry: Entry) -> bool:
    return target.is_file() and _fault(target, entry) is None


# Is it the published file? ----------------------------------------------------------------------


def _fault(file: Path, entry: Entry) -> str | None:
    """Say what is wrong with a file; None if it is the published one, as far as that is known."""
    if entry.sha256 is None:
        return None if zipfile.is_zipfile(file) else "it is not a whole .npz file"
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return (
        None if found == entry.sha256 else f"its sha256 is {found[:12]}... instead of {entry.sha256[:12]}..."
    )


def _refuse_fault(file: Path, entry: Entry, origin: str) -> None:
    fault = _fault(file, entry)
    if fault:
        raise DataError(f"{origin} is not the dataset {entry.name}: {fault}. Nothing was kept.")


# Over the network -------------------------------------------------------------------------------


def _download(entry: Entry, target: Path, progress: Progress | None) -> None:
    part = target.with_name(target.name + ".part")
    for attempt in range(ATTEMPTS):
        try:
            _continue(entry, part, progress)
            break
        except _BrokenOffError as error:
            if not part.exists():  # no connection at all
                raise LimnerError(f"Cannot fetch {entry.url}: {error}.") from error
            if attempt == ATTEMPTS - 1:
                advice = "Try again: what came is kept, and the rest is fetched."
                raise LimnerError(f"Cannot fetch all of {entry.url}: {error}. {advice}") from error
            time.sleep(PAUSE_S * 2**attempt)
    try:
        _refuse_fault(part, entry, entry.url)
    except DataError:
        part.unlink()
        raise
    part.replace(target)


def _continue(entry: Entry, part: Path, progress: Progress | None) -> None:
    """Fetch what is still missing of ``part``.

    Raises
    ------
    _BrokenOffError
        If not all of it came.
    LimnerError
        If the server refuses, or sends more than the file has.
    """
    url, most = entry.url, entry.size or MOST
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310 (our own addresses)
            resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
            have = have if resumed else 0  # a server that ignores Range sends it all again
            length = response.headers.get("Content-Length")
            total = have + int(length) if length and length.isdecimal() else None
            if total is not None and total > most:
                raise _too_large(entry, part, most)
            have = _receive(response, part, have, total, progress, most)
            if have > most:
                raise _too_large(entry, part, most)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # nothing is missing, or the part is wrong: its check tells
        raise LimnerError(f"Cannot fetch {url}: the server answers {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenOffError(_reason(error)) from error
    if total is not None and have < total:
        raise _BrokenOffError(f"the connection ended after {have:,} of {total:,} bytes")


def _too_large(entry: Entry, part: Path, most: int) -> DataError:
    part.unlink(missing_ok=True)
    return DataError(
        f"{entry.url} sends more than {most:,} bytes, which is not {entry.name}. Nothing was kept."
    )


def _receive(
    response: http.client.HTTPResponse,
    part: Path,
    have: int,
    total: int | None,
    progress: Progress | None,
    most: int,
) -> int:
    with explained(part):
        stream = part.open("ab" if have else "wb")
    with stream:
        while have <= most and (chunk := response.read(_CHUNK)):
            with explained(part):
                stream.write(chunk)
            have += len(chunk)
            if progress:
                progress(have, total)
    return have


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(getattr(cause, "strerror", None) or cause).lower() or type(cause).__name__
