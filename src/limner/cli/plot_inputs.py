"""Load or draw what a plotter page shows: named drawings, corpora, and samples, each of its own seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from limner.cli.inputs import noted_drawing
from limner.cli.sampling_options import SamplingOptions
from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.corpus.select import is_svg_name, select_drawings, split_name
from limner.errors import LimnerError
from limner.models.config import WhichWeights
from limner.models.weights import FILE_NAME, shipped_names
from limner.plot.true_scale import MM_PER_PX, svg_mm_per_unit
from limner.settings import did_you_mean
from limner.strokes.drawing import Drawing

MOST_DRAWINGS = 2000
"""Drawings of a page."""


@dataclass(frozen=True)
class PageRequest:
    """What a page shows."""

    names: tuple[str, ...]
    """SVG files, ``FILE#WHICH`` of a corpus, corpora and models."""
    n: int
    """Drawings of each corpus and each model."""
    label: str | None
    seed: int
    weights: WhichWeights
    sampling: SamplingOptions
    true_scale: bool = False
    """Whether drawings become as large as SVG files say; of others 96 units are an inch."""


class PlottedDrawing(NamedTuple):
    """A drawing, what it is called, and the seed that a model drew it from."""

    drawing: Drawing
    name: str
    seed: int | None = None


def page_drawings(request: PageRequest) -> list[PlottedDrawing]:
    """Load or draw what a page shows; drawings without points are left out.

    Raises
    ------
    LimnerError
        If a file cannot be read, there are too many drawings, or none.
    """
    found = [one for name in request.names for one in _of_name(name, request) if one.drawing.n_points]
    if not found:
        raise LimnerError(f"{' '.join(request.names)}: there are no drawings to plot.")
    if len(found) > MOST_DRAWINGS:
        raise LimnerError(f"A page holds at most {MOST_DRAWINGS} drawings, and these are {len(found)}.")
    return found


def is_model_name(name: str) -> bool:
    """Return whether a name is that of a model: a run, a ``.safetensors`` file, or a shipped model."""
    path = Path(name)
    if path.exists():
        return (path / FILE_NAME).is_file() or path.suffix == ".safetensors"
    return path.suffix == ".safetensors" or name in shipped_names()


def captions_of(found: Sequence[PlottedDrawing], kind: str) -> list[str] | None:
    """Return the line beneath each drawing, or None for none.

    Parameters
    ----------
    kind : {"auto", "none", "name", "seed"}
    """
    if kind == "auto":
        kind = "seed" if sum(one.seed is not None for one in found) > 1 else "none"
    if kind == "none":
        return None
    if kind == "name":
        return [one.name for one in found]
    return [
        one.name if one.seed is None else " ".join(filter(None, (one.drawing.label, str(one.seed))))
        for one in found
    ]


def pens_of(drawings: Sequence[Drawing], by: str, n_pens: int) -> list[list[int]]:
    """Return the index of the pen of each stroke, each drawing or class taking the next one.

    Parameters
    ----------
    by : {"drawing", "stroke", "class"}
    """
    if by == "stroke":
        return [[k % n_pens for k in range(len(drawing))] for drawing in drawings]
    classes = list(dict.fromkeys(drawing.label for drawing in drawings))
    turns = [classes.index(d.label) if by == "class" else k for k, d in enumerate(drawings)]
    return [[turn % n_pens] * len(drawing) for turn, drawing in zip(turns, drawings, strict=True)]


def _of_name(name: str, request: PageRequest) -> Iterator[PlottedDrawing]:
    if "#" in name or is_svg_name(name):
        drawing = noted_drawing(name)
        if request.true_scale:
            drawing = _scaled(drawing, svg_mm_per_unit(name) if is_svg_name(name) else MM_PER_PX)
        yield PlottedDrawing(drawing, drawing.label or Path(name).name)
    elif is_model_name(name):
        yield from (_to_scale(one, request) for one in _drawn(name, request))
    else:
        yield from (_to_scale(one, request) for one in _of_corpus(name, request))


def _drawn(name: str, request: PageRequest) -> Iterator[PlottedDrawing]:
    """Draw with a model, each drawing of a seed of its own, as ``limner sample --seed`` draws it."""
    from limner.sampling.model import load_model

    model = load_model(name, weights=request.weights)
    config = request.sampling.over(model.sampling_config)
    for seed in range(request.seed, request.seed + request.n):
        (drawing,) = model.sample(1, sampling_config=config, label=request.label, seed=seed)
        yield PlottedDrawing(drawing, drawing.label or Path(name).stem, seed)


def _of_corpus(name: str, request: PageRequest) -> Iterator[PlottedDrawing]:
    corpus = load_corpus(name)
    if request.label is not None:
        corpus = _of_class(corpus, request.label, name)
    size = len(corpus.splits[split_name(corpus, None)])
    for drawing in select_drawings(corpus, None, min(size, request.n), request.seed):
        yield PlottedDrawing(drawing, drawing.label or (drawing.source or name).rpartition("/")[2])


def _of_class(corpus: Corpus, label: str, name: str) -> Corpus:
    if label not in corpus.label_names:
        known = did_you_mean(label, corpus.label_names) if corpus.label_names else "it has no labels."
        raise LimnerError(f"{name} has no class {label!r}; {known}")
    number = corpus.label_names.index(label)
    splits = {key: split.take(np.flatnonzero(split.labels == number)) for key, split in corpus.splits.items()}
    return replace(corpus, splits={key: split for key, split in splits.items() if len(split)})


def _to_scale(one: PlottedDrawing, request: PageRequest) -> PlottedDrawing:
    return one._replace(drawing=_scaled(one.drawing, MM_PER_PX)) if request.true_scale else one


def _scaled(drawing: Drawing, factor: float) -> Drawing:
    return drawing.replace(strokes=tuple(stroke * np.float32(factor) for stroke in drawing))
