"""``PackedStrings``: many short strings as one array of bytes.

A million Python strings take ten times the memory of their characters.

Letters: ``n`` strings, ``P`` bytes of all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from limner.files import spelt_out
from limner.strokes.ragged import Ragged, blocks
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PackedStrings(Sequence[str]):
    """Many short strings in UTF-8: a sequence of str that takes little memory.

    Parameters
    ----------
    packed : Ragged
        uint8 rows of shape ``(P,)``, the bytes of each string.
    """

    packed: Ragged[np.uint8]

    @classmethod
    def of(cls, strings: Iterable[str]) -> PackedStrings:
        r"""Pack strings; characters that UTF-8 cannot encode are written as escapes (``\udcff``)."""
        if isinstance(strings, PackedStrings):
            return strings
        encoded = [spelt_out(string) for string in strings]
        data = np.frombuffer(b"".join(encoded), np.uint8).copy()
        return cls(Ragged(data, offsets_from_lengths([len(part) for part in encoded])))

    @classmethod
    def from_arrow(cls, strings: Any) -> PackedStrings:
        """Pack an arrow array of strings without nulls."""
        import pyarrow as pa

        whole = strings.cast(pa.large_string())
        _, ends, data = whole.buffers()
        if not len(whole):
            return cls.of(())
        offsets = np.frombuffer(ends, np.int64)[whole.offset : whole.offset + len(whole) + 1]
        characters = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
        return cls(Ragged(characters[offsets[0] : offsets[-1]].copy(), offsets - offsets[0]))

    def __arrow_array__(self, type: Any = None) -> Any:  # noqa: A002  # the name is arrow's
        """Return a large arrow array of strings that shares this memory."""
        import pyarrow as pa

        ends, data = pa.py_buffer(self.packed.offsets), pa.py_buffer(self.packed.rows)
        strings = pa.LargeStringArray.from_buffers(len(self), ends, data)
        return strings if type is None else strings.cast(type)

    def __len__(self) -> int:
        """Return the number of strings."""
        return len(self.packed)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> PackedStrings: ...
    def __getitem__(self, i: int | slice) -> str | PackedStrings:
        """Return one string, or a copy of a slice."""
        if isinstance(i, slice):
            return self.take(np.arange(len(self))[i])
        return self.packed[i].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        for run in blocks(self.packed.offsets):
            offsets = self.packed.offsets[run.start : run.stop + 1]
            data = self.packed.rows[offsets[0] : offsets[-1]].tobytes()
            yield from (data[a:b].decode() for a, b in pairwise((offsets - offsets[0]).tolist()))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedStrings):
            same = np.array_equal(self.packed.offsets, other.packed.offsets)
            return same and np.array_equal(self.packed.rows, other.packed.rows)
        if not isinstance(other, (tuple, list)):
            return NotImplemented
        return len(other) == len(self) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<PackedStrings: {len(self)}>"

    def take(self, indices: NDArray[np.int64]) -> PackedStrings:
        """Copy the strings at ``indices``, in that order."""
        return PackedStrings(self.packed.take(indices))
