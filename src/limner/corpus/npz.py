"""Reading the field's dataset files: ``.npz`` with pickled object arrays ``train``, ``valid`` and ``test``.

Understood are sketch-rnn's files and their relatives: rows of any number format or of Python objects,
drawings of equal length that numpy made one block of, a single ``arr_0``, missing splits, stray members,
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
from limner.corpus.formats.format import AS_USUAL, Pen, ReadOptions
from limner.corpus.formats.pickles import array_advice
from limner.corpus.formats.stroke5 import all_begin, is_stroke5, stroke3_of
from limner.corpus.npy import DamagedArrayError, Member, read_array
from limner.corpus.numbers import rows_of_lists
from limner.corpus.pen import lifted, pen_notes
from limner.corpus.reading import Reading
from limner.corpus.rows import gather
from limner.corpus.unpickler import ForbiddenGlobalError, PickledArray
from limner.errors import DataError, cause_of, quote_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.corpus.collector import Collector
    from limner.corpus.corpus import Split

_ONLY = "arr_0"  # what numpy calls an array that has no name
_FEW = 1 << 26  # numbers that a member may always hold
_REPEATS = 32  # more are allowed up to so many a byte: a pickle can name one large array again and again


def read_npz(path: Path, collector: Collector, options: ReadOptions = AS_USUAL) -> Reading:
    """Read a dataset file.

    Parameters
    ----------
    path : Path
    collector : Collector
        Is told of bad drawings; damage to the file is always refused.
    options : ReadOptions

    Raises
    ------
    DataError
        If the file is no whole npz file, wants to run something, or holds no drawings.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {
                info.filename.removesuffix(".npy"): Member(
                    info.file_size, info.compress_size, partial(archive.read, info)
                )
                for info in archive.infolist()
            }
            return _Arrays(path, members, collector, options).read()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{path} is not a whole .npz file; it may have been cut short.") from error
    except (NotImplementedError, RuntimeError, MemoryError) as error:  # strange compression, encryption
        raise DataError(f"{path} cannot be unpacked: {error}.") from error


def read_npy(path: Path, collector: Collector, options: ReadOptions = AS_USUAL) -> Reading:
    """Read a file of one array: of drawings, or a single drawing of shape ``(n, 3)`` or ``(n, 5)``.

    Raises
    ------
    DataError
        If the file is damaged, wants to run something, or holds no drawings.
    """
    try:
        size = path.stat().st_size
        members = {_ONLY: Member(size, size, path.read_bytes)}
        arrays = _Arrays(path, members, collector, options)
        arrays.single = True
        return arrays.read()
    except (EOFError, OSError) as error:
        raise DataError(f"Cannot read {path}: {cause_of(error)}.") from error
    except MemoryError as error:
        raise DataError(f"{path} does not fit into memory.") from error


class _Arrays:
    """An open file of arrays on its way to a :class:`Reading`."""

    def __init__(
        self, path: Path, members: dict[str, Member], collector: Collector, options: ReadOptions
    ) -> None:
        self.path = path
        self.members = members
        self.collector = collector
        self.options = options
        self.began = False
        self.single = False  # whether an array of two dimensions is a drawing
        self.names: tuple[str, ...] = ()
        self.dtypes: set[str] = set()
        self.count = 0

    def read(self) -> Reading:
        roles = self._roles()
        parts = {key: self._split(key, member) for key, member in roles.items()}
        parts = {key: part for key, part in parts.items() if len(part)}
        notes = (*self._notes(roles, parts), *pen_notes(parts.values()))
        return Reading(parts, self.names, tuple(sorted(self.dtypes)), notes)

    def _roles(self) -> dict[str | None, str]:
        """Tell which member holds the drawings of which split."""
        found: dict[str | None, str] = {name: name for name in SPLIT_NAMES if name in self.members}
        if found:
            return found
        if "x" in self.members:
            split = next((name for name in SPLIT_NAMES if self.path.stem.startswith(name)), None)
            return {split: "x"}
        if [name for name in self.members if re.fullmatch(r"arr_\d+", name)] == [_ONLY]:
            return {None: _ONLY}
        there = quote_list(sorted(self.members)[:6]) or "nothing"
        raise DataError(f"{self.path} holds no drawings: it has {there} instead of train, valid and test.")

    def _notes(self, roles: dict[str | None, str], parts: dict[str | None, Split]) -> list[str]:
        notes = []
        stray = sorted(
            set(self.members) - set(roles.values()) - ({"y", "label_names"} if self.names else set())
        )
        if stray:
            notes.append(f"The file also has {quote_list(stray)}, which hold no drawings and were ignored.")
        if set(roles) <= set(SPLIT_NAMES):
            notes += [f"The file has no {name} split." for name in SPLIT_NAMES if name not in parts]
        if self.began:
            notes.append("Every drawing begins with (0, 0, 1, 0, 0), which starts stroke-5; it was left out.")
        return notes

    def _split(self, key: str | None, member: str) -> Split:
        items = self._items(member)
        self.dtypes |= {_dtype_name(item) for item in items}
        of_split = f" of {key}" if key else ""
        begin = self.count  # counted through all splits, so that no two drawings share a source
        self.count += len(items)
        begins = all_begin(map(_numbers_or_none, items))
        self.began |= begins
        return gather(
            items,
            partial(_rows, begins=begins, pen=self.options.pen),
            labels=self._labels(len(items)) if member == "x" else np.full(len(items), -1, np.int32),
            sources=[f"{self.path.name}#{begin + i}" for i in range(len(items))],
            place=lambda i: f"{self.path}, drawing {i}{of_split}",
            collector=self.collector,
        )

    def _items(self, member: str) -> Sequence[object]:
        """Give the drawings of a member, not yet looked at."""
        value = self._array(member)
        if self.single and value.ndim == 2 and value.shape[1] in (3, 5):
            return [value]
        if value.size and value.ndim not in (1, 3):
            raise DataError(f"{self.path}: {member} is of shape {value.shape}, not an array of drawings.")
        items = value.items() if isinstance(value, PickledArray) else list(value) if value.size else []
        if sum(map(_size, items)) > max(_FEW, _REPEATS * self.members[member].size):
            raise DataError(f"{self.path}: {member} names the same drawing again and again.")
        return items

    def _labels(self, n: int) -> NDArray[np.int32]:
        """Read Sketchformer's ``y`` and ``label_names``."""
        if "y" not in self.members:
            return np.full(n, -1, np.int32)
        y = self._array("y")
        try:
            values, labels = np.unique(
                y.to_numbers() if isinstance(y, PickledArray) else y, return_inverse=True
            )
            known = self._label_names()
        except ValueError:  # no numbers, no text
            values, labels, known = np.zeros(0), np.zeros(0, np.int64), []
        if (
            y.shape != (n,)
            or len(labels) != n
            or (known and not set(values.tolist()) <= set(range(len(known))))
        ):
            raise DataError(f"{self.path}: the labels y do not fit the drawings x and the label_names.")
        self.names = tuple(known[int(value)] if known else str(value) for value in values)
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


def _rows(item: object, *, begins: bool, pen: Pen) -> NDArray[Any]:
    """Give a drawing as stroke-3 rows."""
    array = _numbers(item)
    if is_stroke5(array):
        return stroke3_of(array, begins=begins)
    if array.ndim == 2 and not len(array) and array.shape[1] > 5:
        raise ValueError(f"it is an array of shape {array.shape} without rows")
    return lifted(array, pen)


def _numbers_or_none(item: object) -> NDArray[Any] | None:
    try:
        return _numbers(item)
    except ValueError:
        return None


def _numbers(item: object) -> NDArray[Any]:
    """Give a drawing as an array of numbers, whatever it was stored as."""
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
