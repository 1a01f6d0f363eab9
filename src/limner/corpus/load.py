"""Loading a corpus: ``load_corpus``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limner.corpus.builder import CorpusBuilder
from limner.corpus.formats.format import Pen, ReadOptions
from limner.corpus.opening import open_sources
from limner.corpus.rejections import Rejected
from limner.corpus.split import hold_out_drawings
from limner.corpus.text import counted
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limner.corpus.corpus import Corpus
    from limner.corpus.source import Source

MOST_NAMED = 20
"""Files that cannot be read whose reasons are listed; of further ones the names are."""


def load_corpus(
    path: str | Path, *, pen: Pen = "lift", share_out: bool = True, spares_files: bool = False
) -> Corpus:
    """Load drawings from a file, a folder or a name.

    Parameters
    ----------
    path : str or Path
        A file of any format of :mod:`limner.corpus.formats.registry`, a folder of such files, or ``doodles``:
        10,000 toy drawings, which are generated. Drawings of files without splits are assigned to train,
        valid and test, always in the same way; fewer than 50 drawings are all for train.
    pen : str
        ``down`` for stroke-3 files whose third column is 1 where the pen is down.
    share_out : bool
        Whether drawings without splits are assigned to splits; otherwise all of them are a test split.
    spares_files : bool
        Whether files of a folder that cannot be read are left out, with a note, as long as others can.

    Returns
    -------
    Corpus
        With at least one drawing. Its ``notes`` say what was tolerated and assumed.

    Raises
    ------
    DataError
        If a file is damaged, a drawing is bad, or there is none. ``limner build`` makes a corpus of what is
        good in a file.
    """
    return load_corpora([path], pen=pen, share_out=share_out, spares_files=spares_files)


def load_corpora(
    paths: Sequence[str | Path],
    hold_out: float | None = None,
    *,
    pen: Pen = "lift",
    share_out: bool = True,
    spares_files: bool = False,
) -> Corpus:
    """Load several sources as one corpus; splits of the same name are concatenated. See :func:`load_corpus`.

    The ``origins`` of its splits number the sources in the order of ``paths``.

    Parameters
    ----------
    paths : sequence of str or Path
    hold_out : float, optional
        Share held out for valid and for test each, where the sources have no such splits; see
        :func:`limner.corpus.small_corpus.defaults_for`.
    """
    builder = CorpusBuilder(strict=True)
    for number, source in enumerate(open_sources(paths, ReadOptions(pen=pen))):
        builder.origin = number
        _read(source, builder, spares_files=spares_files and len(source.files) > 1)
    if share_out:
        corpus = hold_out_drawings(builder.corpus(hold_out=hold_out), hold_out)
    else:
        corpus = builder.test_corpus()
    notes = list(_failures(builder.failed))
    if builder.rejected:
        notes.append(f"{counted(len(builder.rejected), 'drawing')} without points left out.")
    return replace(corpus, notes=(*corpus.notes, *notes))


def _read(source: Source, builder: CorpusBuilder, *, spares_files: bool) -> None:
    before, failed = len(builder), len(builder.failed)
    if spares_files:
        _read_sparing(source, builder)
    else:
        source.read(builder)
    if len(builder) > before:
        return
    if len(builder.failed) > failed:
        n, first = len(source.files), builder.failed[failed].reason
        raise DataError(f"{source.path}: none of {n:,} files can be read. {first}")
    raise DataError(f"{source.path} holds no drawings.")


def _read_sparing(source: Source, builder: CorpusBuilder) -> None:
    """Read the files of a folder but for those that cannot be read, which the builder records."""
    for part in source.parts:
        _read_sparing(part, builder)
    if source.parts:
        return
    if source.is_read_by_drawing:
        builder.spares_files = True
        source.read(builder)
        builder.spares_files = False
        return
    for file in source.files:
        try:
            with builder.whole():
                replace(source, files=(file,)).read(builder)
        except DataError as error:
            builder.failed.append(Rejected(file.relative_to(source.folder).as_posix(), str(error)))


def _failures(failed: Sequence[Rejected]) -> Iterator[str]:
    """Count and name files that cannot be read."""
    if failed:
        yield f"{counted(len(failed), 'file')} that cannot be read left out."
        yield from (one.reason for one in failed[:MOST_NAMED])
    if len(failed) > MOST_NAMED:
        names = ", ".join(one.source.rpartition("#")[0] or one.source for one in failed[MOST_NAMED:])
        yield f"And: {names}."
