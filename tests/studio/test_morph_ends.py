"""Where a morph begins: pairs of classes, and of each class the drawing that is redrawn best."""

from __future__ import annotations

import numpy as np
import pytest
from starlette.testclient import TestClient

from limner.errors import LimnerError
from limner.studio.faithful_latent import redrawing_distances
from limner.studio.model_library import ModelLibrary, corpus_source_for
from limner.studio.morph_ends import CANDIDATES, PAIRS, _apart, find_ends


def test_two_pairs_that_are_redrawn_well(library: ModelLibrary) -> None:
    a, b, c, d = ends = find_ends(library, "doodles", seed=2)
    assert (a.label, b.label) in PAIRS
    assert (c.label, d.label) in PAIRS
    assert not {a.label, b.label} & {c.label, d.label}
    entry = library["doodles"]
    others = entry.corpus_source.drawings_of_class(str(a.label), CANDIDATES, 2)
    distances = redrawing_distances(entry.model, others)
    assert others[int(np.argmin(distances))] == a
    assert redrawing_distances(entry.model, ends).max() < 0.05
    assert find_ends(library, "doodles", seed=2) == ends


def test_without_classes_the_model_imagines_them() -> None:
    library = ModelLibrary(["doodles"], corpus_source_for(None, []))
    ends = find_ends(library, "doodles", seed=0)
    assert len(ends) == 4
    assert all(drawing.n_points >= 4 for drawing in ends)


def test_a_model_that_cannot_look_is_refused(library: ModelLibrary) -> None:
    with pytest.raises(LimnerError, match="no model 'nobody'"):
        find_ends(library, "nobody", seed=0)


def test_pairs_apart() -> None:
    assert _apart([("a", "b"), ("b", "c"), ("d", "e")]) == [("a", "b"), ("d", "e")]
    assert _apart([]) == []


def test_the_page_is_answered(client: TestClient) -> None:
    sketches = client.post("/api/morph/ends", json={"model": "doodles", "seed": 1}).json()["sketches"]
    assert len(sketches) == 4
    assert all(sketch["label"] and sketch["strokes"] for sketch in sketches)
