"""Drawings to rows: what must not count, and that they find drawings of a kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scripts.feature_worth import worths

from limner.corpus.corpus import Corpus
from limner.corpus.doodles.make import make_doodles
from limner.corpus.load import load_corpus
from limner.curation.embedder import shape_embedder
from limner.curation.items import DrawingItems
from limner.curation.shape.rows import shape_rows
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import resampled, scaled, translated

DRAWINGS = make_doodles(30, seed=9)


def _apart(others: list[Drawing]) -> float:
    """Return how far drawings are from what was made of them, as a share of how far they are apart."""
    rows, changed = shape_rows(DRAWINGS), shape_rows(others)
    between = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    return float(np.median(np.linalg.norm(rows - changed, axis=1)) / np.median(between[between > 0]))


def test_place_and_size_do_not_count() -> None:
    assert _apart([translated(scaled(d, 3.7), 50, -20) for d in DRAWINGS]) < 0.02


def test_the_order_and_sense_of_strokes_do_not_count() -> None:
    backwards = [d.replace(strokes=tuple(s[::-1] for s in d.strokes)) for d in DRAWINGS]
    assert _apart(backwards) < 0.01
    other_order = [d.replace(strokes=d.strokes[::-1]) for d in DRAWINGS]
    assert _apart(other_order) < 0.05  # the lifted pen goes other ways


def test_how_densely_lines_are_sampled_hardly_counts() -> None:
    dense = [resampled(d, max(np.ptp(d.points, axis=0)) / 200) for d in DRAWINGS]
    assert _apart(dense) < 0.1


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    alone = np.concatenate([shape_rows([drawing]) for drawing in DRAWINGS])
    np.testing.assert_allclose(shape_rows(DRAWINGS), alone, atol=1e-5)


@pytest.mark.parametrize("strokes", [(), ([[0, 0]],), ([[5, 5], [5, 5]],), ([[0, 0], [1e6, 0]],)])
def test_strange_drawings_have_finite_rows(strokes: tuple[list[list[float]], ...]) -> None:
    assert np.isfinite(shape_rows([Drawing.from_polylines(strokes), DRAWINGS[0]])).all()


@pytest.mark.slow
def test_they_are_worth_more_than_points_and_pixels(data_dir: Path) -> None:
    """On a quarter of the QuickDraw classes, by all three measures."""
    whole = load_corpus(data_dir / "quickdraw" / "simplified")
    chosen = Corpus({"train": whole.splits["train"]}, whole.label_names)
    train = chosen.splits["train"]
    some = np.flatnonzero(train.labels % 4 == 0)
    items = DrawingItems.of(Corpus({"train": train.take(some)}, whole.label_names))
    found = {name: worth for name, (_, worth) in worths(items, [shape_embedder()]).items()}
    for name in ("points", "pixels", "hog of pixels"):
        for measure in ("top1", "top5", "mean_average_precision"):
            assert getattr(found["shape"], measure) > 1.2 * getattr(found[name], measure), (name, measure)
