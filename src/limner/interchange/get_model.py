"""Fetching a published model: its file from the cache, a mirror or its address, converted on arrival."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from limner.corpus.download import fetch
from limner.errors import DataError
from limner.interchange.importing import import_model
from limner.models.published import fetched_path, find_published

if TYPE_CHECKING:
    from limner.progress import Progress

LARGEST_MEMBER = 1 << 28
"""Bytes of one file of an archive, at most; those of the original's checkpoints have some 40 million."""


def get_model(
    name: str,
    *,
    cache_dir: str | Path | None = None,
    mirror: str | Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return the weights of a published model, after fetching and converting it if it is not there yet.

    Parameters
    ----------
    name : str
        As in :func:`limner.models.published.published_models`, such as ``magenta/cat``.
    cache_dir, mirror, progress
        Of the published file, as in :func:`limner.corpus.download.get`.

    Raises
    ------
    DataError
        If what was received is not the published file, or is damaged.
    LimnerError
        If there is no such model, or it cannot be fetched or written.
    """
    entry = find_published(name)
    target = fetched_path(name)
    if target.is_file():
        return target
    file = fetch(entry, cache_dir=cache_dir, mirror=mirror, progress=progress)
    licence = f"{entry.licence}. {entry.credit}; {entry.url}"
    if file.suffix != ".zip":
        import_model(file, target, licence=licence)
        return target
    with _unpacked(file, name.removeprefix("sketch-rnn/")) as folder:
        import_model(folder, target, licence=licence)
    return target


@contextmanager
def _unpacked(archive: Path, folder: str) -> Iterator[Path]:
    """Yield a folder with the files of one folder of an archive, wherever in it that lies.

    Raises
    ------
    DataError
        If the archive is damaged, has no such folder, or a file in it is too large.
    """
    with tempfile.TemporaryDirectory() as place:
        try:
            with zipfile.ZipFile(archive) as file:
                members = [one for one in file.infolist() if _is_in(one, folder)]
                if not members:
                    raise DataError(
                        f"{archive} holds no folder {folder}; remove it, and it is fetched again."
                    )
                for member in members:
                    if member.file_size > LARGEST_MEMBER:
                        raise DataError(f"{archive} holds {member.filename}, which is too large for a model.")
                    (Path(place) / PurePosixPath(member.filename).name).write_bytes(file.read(member))
        except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
            raise DataError(f"{archive} is damaged; remove it, and it is fetched again.") from error
        yield Path(place)


def _is_in(member: zipfile.ZipInfo, folder: str) -> bool:
    """Return whether a member is a file directly in a folder."""
    wanted = PurePosixPath(folder).parts
    return not member.is_dir() and PurePosixPath(member.filename).parts[-len(wanted) - 1 : -1] == wanted
