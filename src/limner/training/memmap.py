"""Training data in memory-mapped flat files: however large it is, little of it is in memory at a time.

Letters: ``n`` drawings of a split.
"""

from __future__ import annotations

import json
import mmap
import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from limner.corpus.builder import CorpusBuilder
from limner.corpus.corpus import Corpus
from limner.corpus.scale import moves_of
from limner.corpus.split_arrays import ARRAYS, Allocate, Appendable, InFile, split_of
from limner.training.data import CorpusStats, TrainingData, check_train, corpus_stats, make_ready

FACTS_NAME = "facts.json"
VERSION = 2
"""Of the layout; data of another version is written again."""
_SPLITS = ("train", "valid")


def write_memmap(
    read: Callable[[CorpusBuilder], object],
    folder: Path,
    key: Any,
    *,
    name: str,
    hold_out: float | None = None,
) -> None:
    """Prepare a corpus for training and write it into files.

    Parameters
    ----------
    read : callable
        Adds the drawings to a builder, part by part.
    folder : Path
        An empty folder.
    key : JSON value
        Identifies the corpus; see :func:`open_memmap`.
    name : str
        Of the corpus, for the error.
    hold_out : float, optional
        As for :func:`limner.corpus.load.load_corpora`.

    Raises
    ------
    DataError
        If there is no train split.
    """
    builder = CorpusBuilder(allocate=_growing_in(folder / "read"))
    read(builder)
    splits, label_names = builder.assigned_splits(hold_out=hold_out, allocate=_growing_in(folder / "shared"))
    source = folder / ("shared" if (folder / "shared").exists() else "read")
    corpus = Corpus(splits, label_names)
    check_train(corpus, name)
    _move_prepared(corpus, source, folder)
    facts = {
        "version": VERSION,
        "about": key,
        "sizes": {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()},
        "classes": label_names,
        "figures": asdict(corpus_stats(splits["train"], corpus.n_max, len(corpus))),
    }
    (folder / FACTS_NAME).write_text(json.dumps(facts), encoding="utf-8")
    for part in ("read", "shared"):
        shutil.rmtree(folder / part, ignore_errors=True)


def _move_prepared(corpus: Corpus, source: Path, folder: Path) -> None:
    """Prepare the rows of train and valid split in place and move their files to ``folder``."""
    moves = moves_of(corpus.splits)
    for part in (part for part in _SPLITS if part in corpus.splits):
        rows = corpus.splits[part].rows
        rows.setflags(write=True)
        make_ready(rows, corpus.splits[part], moves[part])
        for array in ARRAYS:
            (source / f"{part}.{array}").replace(folder / f"{part}.{array}")


def open_memmap(folder: Path, key: Any) -> TrainingData | None:
    """Open what :func:`write_memmap` wrote.

    Returns
    -------
    TrainingData or None
        None if there is nothing, or it has another key, is of another version, or is incomplete.
    """
    try:
        facts = json.loads((folder / FACTS_NAME).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in facts["sizes"]}
        if (facts["version"], facts["about"], facts["sizes"]) != (VERSION, key, sizes):
            return None
        stats = CorpusStats(**{**facts["figures"], "start": tuple(facts["figures"]["start"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    maps: list[mmap.mmap] = []
    splits = {
        name: split_of({array: _mapped(folder / f"{name}.{array}", array, maps) for array in ARRAYS})
        for name in _SPLITS
        if sizes.get(f"{name}.rows")
    }
    return TrainingData(
        **vars(stats),
        train=splits["train"],
        valid=splits.get("valid", splits["train"]),
        classes=tuple(facts["classes"]),
        held_out="valid" in splits,
        release=partial(_release, maps),
    )


def _growing_in(folder: Path) -> Allocate:
    """Let arrays grow in files of a folder, which is made when the first one begins."""

    def grow(name: str, dtype: str, shape: tuple[int, ...]) -> Appendable:
        folder.mkdir(exist_ok=True)
        return InFile(folder / name, dtype, shape)

    return grow


def _mapped(path: Path, array: str, maps: list[mmap.mmap]) -> NDArray[Any]:
    dtype, shape = ARRAYS[array]
    if not path.stat().st_size:
        return np.zeros((0, *shape), dtype)
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if array == "rows":
        mapped.madvise(mmap.MADV_RANDOM)  # the rows that follow a drawing are not read next
    maps.append(mapped)
    return np.frombuffer(mapped, dtype).reshape(-1, *shape)


def _release(maps: list[mmap.mmap]) -> None:
    """Drop the pages that were read from this process; the system caches them as long as it has room."""
    for one in maps:
        one.madvise(mmap.MADV_DONTNEED)
