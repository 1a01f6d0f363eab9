"""Parquet files, limner's own format; pyarrow is imported when one is read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner.corpus.formats.format import Format, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from limner.corpus.builder import CorpusBuilder
    from limner.corpus.corpus import Corpus


def _read(path: Path, builder: CorpusBuilder, options: ReadOptions, piece: Any) -> None:
    from limner.corpus.parquet import read_parquet

    read_parquet(path, builder, options, piece)


def _pieces(path: Path) -> Iterator[tuple[Any, int]]:
    from limner.corpus.parquet import row_groups

    yield from row_groups(path)


def _write(corpus: Corpus, path: Path) -> tuple[str, ...]:
    from limner.corpus.parquet_writer import write_parquet

    return write_parquet(corpus, path)


FORMAT = Format(
    "parquet",
    "rows of stroke3, label, source and split: limner's own",
    (".parquet",),
    lambda head: head.startswith(b"PAR1"),
    read=_read,
    pieces=_pieces,
    write=_write,
)
