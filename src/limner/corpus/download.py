"""Downloading datasets of the catalogue, or copying them from a mirror folder.

Written here because downloads resume: pooch 1.9 begins again from the first byte.
"""

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

from limner.corpus.catalogue import CatalogueEntry, find_entry
from limner.errors import DataError, LimnerError
from limner.files import explained, make_folder, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.progress import Progress

ATTEMPTS = 4
PAUSE_S = 1.0
"""Before the second attempt; twice as long before each further one."""
TIMEOUT_S = 30.0
_CHUNK = 1 << 16
LARGEST = 1 << 32
"""Bytes of a file of unknown size, at most; the largest of the catalogue have some 200 million."""


class _IncompleteError(Exception):
    """A transfer that ended early; what was received is kept, and another attempt may resume."""


def get(
    name: str,
    *,
    cache_dir: str | Path | None = None,
    mirror: str | Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return the file of a dataset, after downloading it if it is not there yet.

    If ``mirror``, or else the environment variable ``LIMNER_DATA``, names a folder that holds the file at any
    depth, it is copied from there. Otherwise it is downloaded; an interrupted download is resumed.

    Parameters
    ----------
    name : str
        As in :func:`limner.corpus.catalogue.catalogue`, such as ``sheep`` or ``quickdraw/cat``.
    cache_dir : str or Path, optional
        Where files are kept; the user's cache folder unless given.
    mirror : str or Path, optional
    progress : callable, optional
        Called with the bytes received and the bytes of the file, or None if these are not known.

    Raises
    ------
    DataError
        If there is no such dataset, or what was received is not the published file; that is not kept.
    LimnerError
        If it cannot be downloaded or written.
    """
    return fetch(find_entry(name), cache_dir=cache_dir, mirror=mirror, progress=progress)


def fetch(
    entry: CatalogueEntry, *, cache_dir: str | Path | None = None, mirror: str | Path | None = None,
    progress: Progress | None = None,
) -> Path:  # fmt: skip
    """Return the file of an entry of a catalogue; options and errors as in :func:`get`."""
    target = Path(cache_dir or default_cache()) / entry.file
    if _is_there(target, entry):
        return target
    if _copy_from_mirror(entry, target, mirror):
        return target
    with _locked(target):
        if not _is_there(target, entry):  # another process may have downloaded it meanwhile
            _download(entry, target, progress)
    return target


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Let one process at a time download a file; the others wait. The lock ends with its process."""
    with explained(target):
        make_folder(target.parent)
    name = hashlib.sha256(str(target.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    with FileLock(Path(tempfile.gettempdir(), f"limner-{os.getuid()}-{name}.lock")):
        yield


def default_cache() -> Path:
    """Return the folder where datasets are kept by default."""
    from platformdirs import user_cache_path

    return user_cache_path("limner") / "data"


def _find_copy(entry: CatalogueEntry, mirror: str | Path | None) -> Path | None:
    place = mirror or os.environ.get("LIMNER_DATA")
    if not place:
        return None
    folder = Path(place)
    if mirror and not folder.is_dir():
        raise LimnerError(f"The mirror {mirror} is not a folder.")
    copies = sorted(folder.rglob(Path(entry.file).name), key=lambda file: (len(file.parts), file))
    right = [file for file in copies if _fault(file, entry) is None]
    return next(iter(right + copies), None)  # a wrong one is refused by name, not skipped


def _copy_from_mirror(entry: CatalogueEntry, target: Path, mirror: str | Path | None) -> bool:
    """Copy the file from a mirror; return whether there was one."""
    copy = _find_copy(entry, mirror)
    if copy is None:
        return False
    with whole_file(target) as draft:
        shutil.copyfile(copy, draft)
        _refuse_fault(draft, entry, str(copy))
    return True


def _is_there(target: Path, entry: CatalogueEntry) -> bool:
    return target.is_file() and _fault(target, entry) is None


# Is it the published file? ----------------------------------------------------------------------


def _fault(file: Path, entry: CatalogueEntry) -> str | None:
    """Return what is wrong with a file; None if it is the published one, as far as that is known."""
    if entry.sha256 is None:
        is_archive = Path(entry.file).suffix in (".npz", ".zip")
        whole = zipfile.is_zipfile(file) if is_archive else file.stat().st_size > 0
        return None if whole else f"it is not a whole {Path(entry.file).suffix} file"
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest == entry.sha256:
        return None
    return f"its sha256 is {digest[:12]}... instead of {entry.sha256[:12]}..."


def _refuse_fault(file: Path, entry: CatalogueEntry, origin: str) -> None:
    fault = _fault(file, entry)
    if fault:
        raise DataError(f"{origin} is not the {entry.noun} {entry.name}: {fault}. Nothing was kept.")


# Over the network -------------------------------------------------------------------------------


def _download(entry: CatalogueEntry, target: Path, progress: Progress | None) -> None:
    part = target.with_name(target.name + ".part")
    for attempt in range(ATTEMPTS):
        try:
            _continue(entry, part, progress)
            break
        except _IncompleteError as error:
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


def _continue(entry: CatalogueEntry, part: Path, progress: Progress | None) -> None:
    """Download what is still missing of ``part``.

    Raises
    ------
    _IncompleteError
        If not all of it was received.
    LimnerError
        If the server refuses, or sends more than the file has.
    """
    url, most = entry.url, entry.size or LARGEST
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
            return  # nothing is missing, or the part is wrong, which its hash shows
        raise LimnerError(f"Cannot fetch {url}: the server answers {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise _IncompleteError(_reason(error)) from error
    if total is not None and have < total:
        raise _IncompleteError(f"the connection ended after {have:,} of {total:,} bytes")


def _too_large(entry: CatalogueEntry, part: Path, most: int) -> DataError:
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
