"""Zip archives of drawings or pictures: unpacked into a temporary folder, and read as that folder.

Only members whose suffix some format has are unpacked; ``__MACOSX`` and hidden ones are left out, archives
within archives are not opened, and names cannot lead out of the folder.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from limner.corpus.formats.format import ZIP_MAGIC, Format
from limner.corpus.formats.registry import is_picture, known_suffix
from limner.corpus.opening import open_folder
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.corpus.builder import CorpusBuilder
    from limner.corpus.formats.format import ReadOptions

SMALL = 1 << 28
"""Bytes up to which any archive is unpacked."""
SWELL = 100
"""A larger one may not unpack to more than this many times its size: text grows by 5 to 20."""
LARGEST = 1 << 34
"""Bytes beyond which no archive is unpacked."""
MOST = 1_000_000
"""Members of an archive, at most."""
_ENCRYPTED = 1


def read_zip(path: Path, builder: CorpusBuilder, options: ReadOptions, _: object = None) -> None:
    """Read the drawings of an archive.

    Raises
    ------
    DataError
        If it is damaged, encrypted, grows too much, or holds nothing that can be read.
    """
    with unpacked(path) as folder:
        try:
            source = open_folder(folder, options)
            with builder.prefixed(f"{path.name}/"):
                source.read(builder)
        except DataError as error:
            raise DataError(str(error).replace(str(folder), str(path))) from error


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Unpack what may hold drawings into a temporary folder.

    Raises
    ------
    DataError
        As :func:`read_zip`.
    """
    with tempfile.TemporaryDirectory(prefix="limner-") as place:
        folder = Path(place)
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(archive)
                _refuse_bomb(path, members)
                for info, inner in members:
                    target = folder / inner
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(info) as packed, target.open("wb") as file:
                        shutil.copyfileobj(packed, file)
        except DataError:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise DataError(f"{path} is not a whole .zip file; it may have been cut short.") from error
        except (NotImplementedError, RuntimeError, MemoryError, ValueError, OSError) as error:
            raise DataError(f"{path} cannot be unpacked: {error}.") from error
        yield folder


def _members(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Return the members that may hold drawings, each with its path in the folder."""
    members = []
    for info in archive.infolist():
        parts = [
            part for part in PurePosixPath(info.filename.replace("\\", "/")).parts if part not in ("/", "..")
        ]
        if not parts or info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in parts):
            continue
        inner = PurePosixPath(*(part.replace(":", "_") for part in parts))
        suffix = inner.suffix.lower()
        if suffix != ".zip" and (known_suffix(suffix) or is_picture(Path(inner))):
            members.append((info, inner))
    return members


def _refuse_bomb(path: Path, members: list[tuple[zipfile.ZipInfo, PurePosixPath]]) -> None:
    size, packed = sum(info.file_size for info, _ in members), path.stat().st_size
    if len(members) > MOST or size > min(LARGEST, max(SMALL, SWELL * packed)):
        raise DataError(
            f"{path} would unpack {packed:,} bytes to {size:,} in {len(members):,} files; unpack it first."
        )
    if any(info.flag_bits & _ENCRYPTED for info, _ in members):
        raise DataError(f"{path} is encrypted; unpack it first.")


FORMAT = Format(
    "zip",
    "files of these formats, or pictures",
    (".zip",),
    lambda head: head.startswith(ZIP_MAGIC),
    read=read_zip,
)
