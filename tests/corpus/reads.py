"""What a reader gives to a builder, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from limner.corpus.builder import CorpusBuilder
from limner.corpus.corpus import Split
from limner.corpus.rejections import Rejected


@dataclass
class ReadBack:
    """Splits, and what was reported about them."""

    builder: CorpusBuilder
    parts: dict[str | None, Split] = field(init=False)
    label_names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.parts, self.label_names = self.builder.splits()

    def __len__(self) -> int:
        return len(self.builder)

    @property
    def dtypes(self) -> tuple[str, ...]:
        return tuple(sorted(self.builder.dtypes))

    @property
    def notes(self) -> tuple[str, ...]:
        return self.builder.notes

    @property
    def rejected(self) -> list[Rejected]:
        return self.builder.rejected


def read_back(read: Callable[[CorpusBuilder], object], *, strict: bool = True) -> ReadBack:
    """Call a reader with a builder."""
    builder = CorpusBuilder(strict=strict)
    read(builder)
    return ReadBack(builder)
