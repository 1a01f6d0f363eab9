"""Reading sketch-rnn's dataset files: ``.npz`` with pickled object arrays ``train``, ``valid`` and ``test``.

Its variants are read, too: rows of any number format or of Python objects,
drawings of equal length in one array of three dimensions, a single ``arr_0``, missing splits, other members,
Sketchformer's chunks with ``x``, ``y`` and ``label_names``, and stroke-5 rows, padded or not.
A ``.npy`` file is a single array of the same.

Letters: ``N`` drawings, ``n`` points of one drawing.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from functools import partial
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.formats.format import DEFAULT_OPTIONS, Pen, ReadOptions
from limner.corpus.formats.pickles import array_advice
from limner.corpus.formats.stroke5 import all_have_start_rows, is_stroke5, stroke3_of
from limner.corpus.npy import DamagedArrayError, Member, read_array
from limner.corpus.numbers import rows_of_lists
from limner.corpus.rows import checked_split, pen_notes, with_lifts
from limner.corpus.unpickler import ForbiddenGlobalError, PickledArray
from limner.errors import DataError, cause_of, quote_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.builder import CorpusBuilder
    from limner.corpus.corpus import Split

_ONLY = "arr_0"
"""What numpy calls an array that was saved without a name."""
_ALWAYS_READ = 1 << 26
"""Numbers that any member may hold."""
_MOST_A_BYTE = 32
"""Numbers per byte of a larger member: a pickle can refer to one large array many times."""


def read_npz(
    path: Path, builder: CorpusBuilder, options: ReadOptions = DEFAULT_OPTIONS, _: Any = None
) -> None:
    """Read a dataset file.

    Parameters
    ----------
    path : Path
    builder : CorpusBuilder
        Gets the drawings; damage to the file is always refused.
    options : ReadOptions

    Raises
    ------
    DataError
        If the file is no whole npz file, its pickles call anything but numpy, or it holds no drawings.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {
                info.filename.removesuffix(".npy"): Member(
                    info.file_size, info.compress_size, partial(archive.read, info)
                )
                for info in archive.infolist()
            }
            _NpzReader(path, members, builder, options).read()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{path} is not a whole .npz file; it may have been cut short.") from error
    except (NotImplementedError, RuntimeError, MemoryError) as error:  # strange compression, encryption
        raise DataError(f"{path} cannot be unpacked: {error}.") from error


def read_npy(
    path: Path, builder: CorpusBuilder, options: ReadOptions = DEFAULT_OPTIONS, _: Any = None
) -> None:
    """Read a file of one array: of drawings, or a single drawing of shape ``(n, 3)`` or ``(n, 5)``.

    Raises
    ------
    DataError
        If the file is damaged, its pickle calls anything but numpy, or it holds no drawings.
    """
    try:
        size = path.stat().st_size
        members = {_ONLY: Member(size, size, path.read_bytes)}
        _NpzReader(path, members, builder, options, is_npy=True).read()
    except (EOFError, OSError) as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    except MemoryError as error:
        raise DataError(f"{path} does not fit into memory.") from error


class _NpzReader:
    """Reads the members of one file."""

    def __init__(
        self,
        path: Path,
        members: dict[str, Member],
        builder: CorpusBuilder,
        options: ReadOptions,
        *,
        is_npy: bool = False,
    ) -> None:
        self.path = path
        self.members = members
        self.builder = builder
        self.options = options
        self.is_npy = is_npy  # then an array of two dimensions is a drawing
        self.has_start_rows = False
        self.label_names: tuple[str, ...] = ()
        self.dtypes: set[str] = set()
        self.count = 0

    def read(self) -> None:
        members = self._members_by_split()
        splits = {name: self._split(name, member) for name, member in members.items()}
        splits = {name: split for name, split in splits.items() if len(split)}
        notes = (*self._notes(members, splits), *pen_notes(splits.values()))
        self.builder.add(splits, self.label_names, dtypes=sorted(self.dtypes), notes=notes)

    def _members_by_split(self) -> dict[str | None, str]:
        """Return the member that holds the drawings of each split."""
        named: dict[str | None, str] = {name: name for name in SPLIT_NAMES if name in self.members}
        if named:
            return named
        if "x" in self.members:
            split = next((name for name in SPLIT_NAMES if self.path.stem.startswith(name)), None)
            return {split: "x"}
        if [name for name in self.members if re.fullmatch(r"arr_\d+", name)] == [_ONLY]:
            return {None: _ONLY}
        there = quote_list(sorted(self.members)[:6]) or "nothing"
        raise DataError(f"{self.path} holds no drawings: it has {there} instead of train, valid and test.")

    def _notes(self, members: dict[str | None, str], splits: dict[str | None, Split]) -> list[str]:
        notes = []
        labels = {"y", "label_names"} if self.label_names else set[str]()
        stray = sorted(set(self.members) - set(members.values()) - labels)
        if stray:
            notes.append(f"The file also has {quote_list(stray)}, which hold no drawings and were ignored.")
        if set(members) <= set(SPLIT_NAMES):
            notes += [f"The file has no {name} split." for name in SPLIT_NAMES if name not in splits]
        if self.has_start_rows:
            notes.append("Every drawing begins with (0, 0, 1, 0, 0), which starts stroke-5; it was left out.")
        return notes

    def _split(self, name: str | None, member: str) -> Split:
        items = self._items(member)
        self.dtypes |= {_dtype_name(item) for item in items}
        of_split = f" of {name}" if name else ""
        begin = self.count  # counted through all splits, so that no two drawings share a source
        self.count += len(items)
        has_start = all_have_start_rows(map(_numbers_or_none, items))
        self.has_start_rows |= has_start
        return checked_split(
            items,
            partial(_rows, has_start_row=has_start, pen=self.options.pen),
            labels=self._labels(len(items)) if member == "x" else np.full(len(items), -1, np.int32),
            sources=[f"{self.path.name}#{begin + i}" for i in range(len(items))],
            place=lambda i: f"{self.path}, drawing {i}{of_split}",
            rejections=self.builder,
        )

    def _items(self, member: str) -> Sequence[object]:
        """Return the drawings of a member, not yet decoded."""
        value = self._array(member)
        if self.is_npy and value.ndim == 2 and value.shape[1] in (3, 5):
            return [value]
        if value.size and value.ndim not in (1, 3):
            raise DataError(f"{self.path}: {member} is of shape {value.shape}, not an array of drawings.")
        items = value.items() if isinstance(value, PickledArray) else list(value) if value.size else []
        if sum(map(_size, items)) > max(_ALWAYS_READ, _MOST_A_BYTE * self.members[member].size):
            raise DataError(f"{self.path}: {member} names the same drawing again and again.")
        return items

    def _labels(self, n: int) -> NDArray[np.int32]:
        """Read Sketchformer's ``y`` and ``label_names``."""
        if "y" not in self.members:
            return np.full(n, -1, np.int32)
        y = self._array("y")
        try:
            numbers = y.to_numbers() if isinstance(y, PickledArray) else y
            values, labels = np.unique(numbers, return_inverse=True)
            known = self._label_names()
        except ValueError:  # no numbers, no text
            values, labels, known = np.zeros(0), np.zeros(0, np.int64), []
        are_known = not known or set(values.tolist()) <= set(range(len(known)))
        if y.shape != (n,) or len(labels) != n or not are_known:
            raise DataError(f"{self.path}: the labels y do not fit the drawings x and the label_names.")
        self.label_names = tuple(known[int(value)] if known else str(value) for value in values)
        return labels.astype(np.int32)

    def _label_names(self) -> list[str]:
        if "label_names" not in self.members:
            return []
        array = self._array("label_names")
        return [str(name) for name in (array.items() if isinstance(array, PickledArray) else array.tolist())]

    def _array(self, member: str) -> NDArray[Any] | PickledArray:
        try:
            return read_array(self.members[member])
        except ForbiddenGlobalError as error:
            raise DataError(
                f"{self.path}: {member} asks Python for {str(error)[:60]}, which no drawing needs. "
                f"{array_advice()}"
            ) from error
        except UnpicklingError as error:
            raise DataError(f"{self.path}: {member} is damaged ({error}).") from error
        except DamagedArrayError as error:
            raise DataError(f"{self.path}: {member} {error}.") from error


def _rows(item: object, *, has_start_row: bool, pen: Pen) -> NDArray[Any]:
    """Return a drawing as stroke-3 rows."""
    array = _numbers(item)
    if is_stroke5(array):
        return stroke3_of(array, has_start_row=has_start_row)
    if array.ndim == 2 and not len(array) and array.shape[1] > 5:
        raise ValueError(f"it is an array of shape {array.shape} without rows")
    return with_lifts(array, pen)


def _numbers_or_none(item: object) -> NDArray[Any] | None:
    try:
        return _numbers(item)
    except ValueError:
        return None


def _numbers(item: object) -> NDArray[Any]:
    """Return a drawing as an array of numbers, however it was stored."""
    if isinstance(item, np.ndarray):
        return item
    if isinstance(item, PickledArray):
        return item.to_numbers()
    return rows_of_lists(item)


def _size(item: object) -> int:
    if isinstance(item, (np.ndarray, PickledArray)):
        return item.size
    return 3 * len(item) if isinstance(item, (list, tuple)) else 1


def _dtype_name(item: object) -> str:
    return item.dtype.name if isinstance(item, (np.ndarray, PickledArray)) else "object"
