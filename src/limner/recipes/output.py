"""Output of a build: the corpus, and a table of the origin of each of its drawings.

Letters: ``n`` drawings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Corpus
from limner.corpus.formats.table import write_as, writer_of, written
from limner.corpus.pile import Pile
from limner.corpus.scale import scale_notes
from limner.corpus.text import counted
from limner.errors import LimnerError, quote_list
from limner.files import whole_file
from limner.recipes.stable_hash import hash_names

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path
    from typing import BinaryIO

    import pyarrow as pa
    from numpy.typing import NDArray

    from limner.recipes.batch import RecipeBatch
    from limner.recipes.columns import Columns
    from limner.recipes.recipe import Recipe
    from limner.recipes.stages import SplitChoice

RECIPE_KEY = "limner.recipe"
"""Under which a ``.parquet`` file keeps the recipe, as TOML, in the metadata of its schema."""

KNOWN_POINTS = 4_000_000
"""The scale factor is taken over drawings of so many points; those of a larger corpus are a sample."""


@dataclass(frozen=True)
class CorpusSummary:
    """Figures of a finished corpus."""

    splits: dict[str, int]
    """Drawings of each split that has any."""
    n_max: int
    """Points of the longest drawing."""
    scale_factor: float
    """See :func:`limner.corpus.scale.scale_factor`."""


class Output:
    """The corpus file and the table of drawings, both written whole or not at all.

    Parameters
    ----------
    out : Path
        As it is called in the end.
    recipe : Recipe
    columns, choice
        Of all drawings.
    stack : ExitStack
        The files get their names when it is closed without an error.
    """

    def __init__(
        self, out: Path, recipe: Recipe, columns: Columns, choice: SplitChoice, stack: ExitStack
    ) -> None:
        draft = stack.enter_context(whole_file(out))
        kept = choice.splits >= 0
        self.sample = ScaleSample(columns.page[kept], columns.points[kept])
        self.writer: WholeWriter | ParquetWriter
        if out.suffix.lower() == ".parquet":
            file = stack.enter_context(draft.open("wb"))  # arrow takes no names that are not UTF-8
            self.writer = ParquetWriter(file, recipe.to_toml(beside=out.parent))
        else:
            self.writer = WholeWriter(draft)
        table = stack.enter_context(whole_file(side_file(out, "drawings.csv")))
        self.table = DrawingsTable(stack.enter_context(table.open("wb")))
        self.n_max = 0
        self.summary = CorpusSummary({}, 0, 1.0)

    def add(self, batch: RecipeBatch) -> None:
        """Write drawings of one split; all of train come before all of valid, and these before test."""
        if len(batch):
            self.writer.add(batch)
            self.table.add(batch)
            self.sample.add(batch)
            self.n_max = max(self.n_max, int(batch.drawings.lengths.max()))

    def close(self) -> tuple[str, ...]:
        """Finish the files and return notes about them, as sentences."""
        notes = self.writer.close()
        self.table.close()
        corpus = self.sample.corpus()
        splits = {name: n for name, n in self.table.counts.items() if n}
        self.summary = CorpusSummary(splits, self.n_max, corpus.scale_factor)
        if not self.sample.is_all:
            notes = (*notes, f"The scale factor is that of a sample of {counted(len(corpus), 'drawing')}.")
        return (*scale_notes(corpus), *notes)


def checked_suffix(out: Path) -> str:
    """Return the suffix of a corpus file; empty for a folder of shards.

    Raises
    ------
    LimnerError
        If a corpus is not written to such a file.
    """
    suffix = out.suffix.lower()
    if suffix and writer_of(suffix) is None:
        raise LimnerError(
            f"{out}: a corpus is written as {quote_list(written())}, or as a folder of shards; "
            "give a name that ends so, or without suffix."
        )
    return suffix


def side_file(out: Path, ending: str) -> Path:
    """Return the path of a file beside a corpus: ``cats.report.html`` beside ``cats.npz``."""
    return out.with_name(f"{out.stem}.{ending}")


class WholeWriter:
    """Keeps all drawings in memory until the file is written, in the format of its suffix."""

    def __init__(self, draft: Path) -> None:
        self.draft, self.pile = draft, Pile()

    def add(self, batch: RecipeBatch) -> None:
        """Write drawings of one split."""
        self.pile.add(SPLIT_NAMES[batch.splits[0]], batch.drawings, batch.label_names)

    def close(self) -> tuple[str, ...]:
        """Finish the file and return what the format cannot hold, as sentences."""
        return write_as(as_corpus(self.pile), self.draft)


class ParquetWriter:
    """Writes some thousand drawings at a time; the bytes do not depend on how they are batched."""

    def __init__(self, file: BinaryIO, recipe: str) -> None:
        import pyarrow.parquet as pq

        from limner.corpus.parquet_writer import SCHEMA

        schema = SCHEMA.with_metadata({RECIPE_KEY: recipe})
        self.writer = pq.ParquetWriter(file, schema, compression="zstd")
        self.waiting: list[pa.Table] = []

    def add(self, batch: RecipeBatch) -> None:
        """Write drawings of one split."""
        from limner.corpus.parquet_writer import GROUP, corpus_table

        name = SPLIT_NAMES[batch.splits[0]]
        self.waiting.append(corpus_table(name, batch.drawings, batch.label_names))
        while sum(map(len, self.waiting)) >= GROUP:
            self._write(GROUP)

    def close(self) -> tuple[str, ...]:
        """Finish the file."""
        if self.waiting:
            self._write(sum(map(len, self.waiting)))
        self.writer.close()
        return ()

    def _write(self, n: int) -> None:
        import pyarrow as pa

        whole = pa.concat_tables(self.waiting)
        self.writer.write_table(whole.slice(0, n).combine_chunks().cast(self.writer.schema))
        self.waiting = [whole.slice(n)] if n < len(whole) else []


class DrawingsTable:
    """``corpus.drawings.csv``: a row for each drawing, in the order of the corpus.

    ``source`` names file and key, ``page`` what it was a part of, ``x``, ``y``, ``width`` and ``height``
    where on the page, in the page's units. The table can be edited and given to the step ``choose``.
    """

    def __init__(self, file: BinaryIO) -> None:
        import pyarrow as pa
        from pyarrow import csv

        text, number, place = pa.string(), pa.int64(), pa.float32()
        self.schema = pa.schema(
            [
                *(("split", text), ("index", number), ("source", text), ("page", text), ("label", text)),
                *((name, place) for name in ("x", "y", "width", "height")),
                *(("strokes", number), ("points", number)),
            ]
        )
        options = csv.WriteOptions(quoting_style="needed")
        self.writer = csv.CSVWriter(file, self.schema, write_options=options)
        self.counts = dict.fromkeys(SPLIT_NAMES, 0)

    def add(self, batch: RecipeBatch) -> None:
        """Write the rows of drawings of one split."""
        import pyarrow as pa

        table = batch.to_table()
        split = SPLIT_NAMES[batch.splits[0]]
        begin = self.counts[split]
        self.counts[split] += len(batch)
        low, high = batch.boxes[:, :2], batch.boxes[:, 2:]
        corners = [np.round(column, 2) for column in (*low.T, *(high - low).T)]
        whole = np.isnan(batch.boxes[:, 0])
        columns = [
            *(table.column("split"), np.arange(begin, begin + len(batch))),
            *(table.column(name) for name in ("source", "page", "label")),
            *(pa.array(column, mask=whole) for column in corners),
            *(batch.counts().strokes, batch.drawings.lengths),
        ]
        self.writer.write(pa.table(columns, schema=self.schema))

    def close(self) -> None:
        """Finish the file."""
        self.writer.close()


class ScaleSample:
    """Drawings that the scale factor is computed over: all of them, or those of the lowest ranks.

    Parameters
    ----------
    pages : uint64 array of shape ``(n,)``
        Hashes of the pages of all drawings that are kept.
    points : uint32 array of shape ``(n,)``
        Their points.
    """

    def __init__(self, pages: NDArray[np.uint64], points: NDArray[np.uint32]) -> None:
        order = np.argsort(pages, kind="stable")
        known = int(np.searchsorted(np.cumsum(points[order], dtype=np.int64), KNOWN_POINTS, side="right"))
        self.n = min(known, len(pages))
        self.is_all = self.n == len(pages)
        self.limit = np.uint64(0) if self.is_all else pages[order[self.n]]
        self.pile = Pile()

    def add(self, batch: RecipeBatch) -> None:
        """Add drawings of one split."""
        some = batch.drawings if self.is_all else batch.drawings.take(hash_names(batch.pages) < self.limit)
        if len(some):
            self.pile.add(SPLIT_NAMES[batch.splits[0]], some, batch.label_names)

    def corpus(self) -> Corpus:
        """Return the sample as a corpus."""
        return as_corpus(self.pile)


def as_corpus(pile: Pile) -> Corpus:
    """Return the splits of a pile as a corpus."""
    parts, names = pile.done()
    return Corpus({name: part for name, part in parts.items() if name}, names)
