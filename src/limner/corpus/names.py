"""``Names``: many short texts in little room.

A million Python strings take ten times the room of their letters.

Letters: ``n`` texts, ``P`` bytes of all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from limner.corpus.ragged import blocks, offsets_of, take_ragged
from limner.files import spelt_out

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Names(Sequence[str]):
    """Many short texts in UTF-8, one after another: a sequence of str that takes little room.

    Parameters
    ----------
    text : uint8 array of shape ``(P,)``
    offsets : int64 array of shape ``(n + 1,)``
    """

    text: NDArray[np.uint8]  # (P,)
    offsets: NDArray[np.int64]  # (n + 1,)

    def __post_init__(self) -> None:
        for array in (self.text, self.offsets):
            array.setflags(write=False)

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        r"""Keep these texts; characters that UTF-8 has no place for are spelt out (``\udcff``)."""
        if isinstance(names, Names):
            return names
        spelt = [spelt_out(name) for name in names]
        return cls(np.frombuffer(b"".join(spelt), np.uint8).copy(), offsets_of([len(name) for name in spelt]))

    @classmethod
    def from_arrow(cls, texts: Any) -> Names:
        """Keep an arrow array of texts without nulls."""
        import pyarrow as pa

        whole = texts.cast(pa.large_string())
        _, ends, data = whole.buffers()
        places = np.frombuffer(ends, np.int64)[whole.offset : whole.offset + len(whole) + 1]
        if not len(whole):
            return cls.of(())
        text = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
        return cls(text[places[0] : places[-1]].copy(), places - places[0])

    def __arrow_array__(self, type: Any = None) -> Any:  # noqa: A002  # the name is arrow's
        """Give a large arrow array of texts, which no text is copied for."""
        import pyarrow as pa

        ends, text = pa.py_buffer(self.offsets), pa.py_buffer(self.text)
        texts = pa.LargeStringArray.from_buffers(len(self), ends, text)
        return texts if type is None else texts.cast(type)

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> Names: ...
    def __getitem__(self, i: int | slice) -> str | Names:
        """Give one text, or some of them."""
        places = range(len(self))[i]
        if isinstance(places, range):
            return self.take(np.arange(places.start, places.stop, places.step))
        return self.text[self.offsets[places] : self.offsets[places + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        for run in blocks(self.offsets):
            places = self.offsets[run.start : run.stop + 1]
            text = self.text[places[0] : places[-1]].tobytes()
            yield from (text[a:b].decode() for a, b in pairwise((places - places[0]).tolist()))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Names):
            return np.array_equal(self.offsets, other.offsets) and np.array_equal(self.text, other.text)
        if not isinstance(other, (tuple, list)):
            return NotImplemented
        return len(other) == len(self) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Names: {len(self)}>"

    def take(self, chosen: NDArray[np.int64]) -> Names:
        """Copy some texts, in the order of ``chosen``."""
        return Names(*take_ragged(self.text, self.offsets, chosen))
