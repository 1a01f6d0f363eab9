"""Material in flat files that are mapped: however large it is, little of it is ever in memory.

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
from limner.training.data import Figures, TrainingData, check_train, figures_of, make_ready

FACTS_NAME = "facts.json"
VERSION = 2
"""Of the layout; what another one wrote is made anew."""
_LEARNT = ("train", "valid")


def write_mapped(
    read: Callable[[CorpusBuilder], object],
    folder: Path,
    about: Any,
    *,
    name: str,
    hold_out: float | None = None,
) -> None:
    """Make a corpus ready for training and keep it in files.

    Parameters
    ----------
    read : callable
        Gives the drawings to a builder, part by part.
    folder : Path
        An empty folder.
    about : JSON value
        What tells this corpus from others; see :func:`open_mapped`.
    name : str
        What a sentence calls the corpus.
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
    place = folder / ("shared" if (folder / "shared").exists() else "read")
    corpus = Corpus(splits, label_names)
    check_train(corpus, name)
    moves = moves_of(corpus.splits)
    for part in (part for part in _LEARNT if part in splits):
        rows = splits[part].rows
        rows.setflags(write=True)
        make_ready(rows, splits[part], moves[part])
        for what in ARRAYS:
            (place / f"{part}.{what}").replace(folder / f"{part}.{what}")
    facts = {
        "version": VERSION,
        "about": about,
        "sizes": {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()},
        "classes": label_names,
        "figures": asdict(figures_of(splits["train"], corpus.n_max, len(corpus))),
    }
    (folder / FACTS_NAME).write_text(json.dumps(facts), encoding="utf-8")
    for part in ("read", "shared"):
        shutil.rmtree(folder / part, ignore_errors=True)


def open_mapped(folder: Path, about: Any) -> TrainingData | None:
    """Open what :func:`write_mapped` wrote.

    Returns
    -------
    Material, optional
        None if there is nothing, or it is about something else, of another layout, or not whole.
    """
    try:
        facts = json.loads((folder / FACTS_NAME).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in facts["sizes"]}
        if (facts["version"], facts["about"], facts["sizes"]) != (VERSION, about, sizes):
            return None
        figures = Figures(**{**facts["figures"], "start": tuple(facts["figures"]["start"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    maps: list[mmap.mmap] = []
    splits = {
        name: split_of({what: _mapped(folder / f"{name}.{what}", what, maps) for what in ARRAYS})
        for name in _LEARNT
        if sizes.get(f"{name}.rows")
    }
    return TrainingData(
        **vars(figures),
        train=splits["train"],
        valid=splits.get("valid", splits["train"]),
        classes=tuple(facts["classes"]),
        held_out="valid" in splits,
        release=partial(_release, maps),
    )


def _growing_in(folder: Path) -> Allocate:
    """Let arrays grow in a folder, which is made when the first one begins."""

    def grow(name: str, dtype: str, shape: tuple[int, ...]) -> Appendable:
        folder.mkdir(exist_ok=True)
        return InFile(folder / name, dtype, shape)

    return grow


def _mapped(path: Path, what: str, maps: list[mmap.mmap]) -> NDArray[Any]:
    dtype, shape = ARRAYS[what]
    if not path.stat().st_size:
        return np.zeros((0, *shape), dtype)
    with path.open("rb") as file:
        found = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if what == "rows":
        found.madvise(mmap.MADV_RANDOM)  # what lies behind a drawing is not wanted next
    maps.append(found)
    return np.frombuffer(found, dtype).reshape(-1, *shape)


def _release(maps: list[mmap.mmap]) -> None:
    """Take the pages that were touched out of this process; the system keeps them as long as it has room."""
    for one in maps:
        one.madvise(mmap.MADV_DONTNEED)
