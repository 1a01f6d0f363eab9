"""Building a corpus file out of drawings from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.collector import Collector, Rejected
from limner.corpus.npz_writer import write_npz
from limner.corpus.reading import merge, to_corpus
from limner.corpus.source import open_source
from limner.corpus.wording import counted
from limner.errors import DataError, LimnerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from limner.corpus.corpus import Corpus


@dataclass(frozen=True)
class BuildReport:
    """What became of the drawings.

    Parameters
    ----------
    kept : int
        Drawings in the corpus.
    dropped : tuple of Rejected
        Drawings that were left out, each with its source and the reason.
    reasons : dict of str to int
        How many were left out for which reason, the most frequent first.
    splits : dict of str to int
        Drawings of each split.
    n_max : int
        Points of the longest drawing.
    scale_factor : float
        See :func:`limner.corpus.scale.scale_factor`.
    notes : tuple of str
        What was tolerated and assumed, as sentences.
    """

    kept: int
    dropped: tuple[Rejected, ...]
    reasons: dict[str, int]
    splits: dict[str, int]
    n_max: int
    scale_factor: float
    notes: tuple[str, ...]


def build(
    sources: Sequence[str | Path],
    out: str | Path,
    *,
    seed: int = 0,
    recognized_only: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> BuildReport:
    """Read drawings from several sources and write them as one corpus.

    Nothing is changed about the drawings. Splits of the same name are joined; drawings from sources without
    splits are shared out together. Single bad drawings are left out and reported.

    Parameters
    ----------
    sources : sequence of str or Path
        Files and folders as for :func:`limner.corpus.load.load_corpus`.
    out : str or Path
        An ``.npz`` or ``.parquet`` file; the latter keeps labels and sources.
    seed : int
        Chooses which drawings of sources without splits go where.
    recognized_only : bool
        Whether drawings that the QuickDraw game did not recognise are left out.
    progress : callable, optional
        Called after each file with the number of files read and the number of all.

    Raises
    ------
    DataError
        If a file is damaged or no drawing is left.
    LimnerError
        If ``out`` has another suffix or cannot be written.
    """
    write = _writer(Path(out))
    found = [open_source(source) for source in sources]
    total, done = sum(len(source.files) for source in found), 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    collector = Collector(strict=False)
    reading = merge([s.read(collector, recognized_only=recognized_only, tick=tick) for s in found])
    if not len(reading):
        raise DataError(_nothing_left(sources, collector))
    corpus = to_corpus(reading, seed=seed)
    lost = write(corpus, Path(out))
    return BuildReport(
        kept=len(corpus),
        dropped=tuple(collector.rejected),
        reasons=collector.tally(),
        splits={name: len(split) for name, split in corpus.splits.items()},
        n_max=corpus.n_max,
        scale_factor=corpus.scale_factor,
        notes=corpus.notes + lost,
    )


def _writer(out: Path) -> Callable[[Corpus, Path], tuple[str, ...]]:
    if out.suffix.lower() == ".npz":
        return write_npz
    if out.suffix.lower() == ".parquet":
        from limner.corpus.parquet import write_parquet

        return write_parquet
    raise LimnerError(f"{out}: a corpus is written as .npz or .parquet; give a name that ends so.")


def _nothing_left(sources: Sequence[str | Path], collector: Collector) -> str:
    places = ", ".join(map(str, sources))
    if not collector.rejected:
        return f"{places}: there are no drawings."
    reason, _ = next(iter(collector.tally().items()))
    dropped = counted(len(collector.rejected), "drawing")
    return f"{places}: no drawing is left; {dropped} dropped, most often because {reason.rstrip('.')}."
