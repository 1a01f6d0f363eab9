"""The Morph room: the ends of a way are what was chosen, corners are corners, sums cancel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.studio.conftest import sketch

from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.sampling.model import Model
from limner.strokes.chamfer import point_set_chamfer
from limner.strokes.drawing import Drawing
from limner.studio.faithful_latent import _normalized_points
from limner.studio.model_library import ModelLibrary


@pytest.fixture
def two(client: TestClient) -> list[dict[str, Any]]:
    """Return a whale and a star."""
    return [sampled(client, label=label, seed=1)[0] for label in ("whale", "star")]


def sampled(client: TestClient, **wanted: Any) -> list[dict[str, Any]]:
    return asked(client, "/api/sample", **{"temperature": 0.3, **wanted})


def asked(client: TestClient, path: str, **wanted: Any) -> list[dict[str, Any]]:
    answer = client.post(path, json={"model": "doodles", "temperature": 0.01, **wanted})
    assert answer.status_code == 200, answer.text
    found = answer.json()["sketches"]
    assert isinstance(found, list)
    return found


def unlike(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Measure how far two drawings are from each other, relative to their size."""
    one, two = (_normalized_points(Drawing.from_polylines(drawing["strokes"])) for drawing in (a, b))
    return 2 * point_set_chamfer(one, two)


@pytest.mark.slow
def test_samples(client: TestClient) -> None:
    cats = sampled(client, n=3, label="cat")
    assert [cat["label"] for cat in cats] == ["cat"] * 3
    assert cats[0]["strokes"] != cats[1]["strokes"]
    assert sampled(client, n=3, label="cat") == cats
    assert sampled(client, n=2, seed=4) == sampled(client, n=2, seed=4) != sampled(client, n=2, seed=5)


@pytest.mark.slow
def test_a_way_leads_from_the_one_to_the_other(client: TestClient, two: list[dict[str, Any]]) -> None:
    way = asked(client, "/api/morph", a=two[0], b=two[1], steps=5)
    assert len(way) == 5
    assert unlike(way[0], two[0]) < unlike(way[0], two[1]) / 2
    assert unlike(way[-1], two[1]) < unlike(way[-1], two[0]) / 2


@pytest.mark.slow
def test_a_grid_has_its_corners(client: TestClient, two: list[dict[str, Any]]) -> None:
    a, b = two
    grid = client.post(
        "/api/morph/grid", json={"model": "doodles", "corners": [a, b, a, b], "size": 3}
    ).json()["sketches"]
    assert len(grid) == 9
    for left, right in ((grid[0], grid[2]), (grid[6], grid[8])):
        assert unlike(left, a) < unlike(left, b)
        assert unlike(right, b) < unlike(right, a)
    assert grid[0] == grid[3] == grid[6]  # the same above and below


@pytest.mark.slow
def test_what_is_taken_away_and_added_again_changes_nothing(
    client: TestClient, two: list[dict[str, Any]]
) -> None:
    a, b = two
    found = asked(client, "/api/morph/sum", a=a, b=b, c=b, n=2)
    assert len(found) == 2
    assert all(unlike(one, a) < unlike(one, b) for one in found)


@pytest.mark.slow
def test_the_corpus_is_shown(client: TestClient) -> None:
    some = client.get("/api/corpus/drawings", params={"n": 3, "label": "boat"}).json()["sketches"]
    assert [one["label"] for one in some] == ["boat"] * 3
    assert len(client.get("/api/corpus/drawings").json()["sketches"]) == 12
    assert client.get("/api/corpus/drawings", params={"label": "unicorn"}).status_code == 400


def test_models_that_cannot_look_at_drawings_say_so(client: TestClient, library: ModelLibrary) -> None:
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=8, components=2))
    bare = library.add("bare", Model(build_model(config).eval(), library["doodles"].model.card))
    try:
        body = {"model": bare.id, "a": sketch(), "b": sketch()}
        answer = client.post("/api/morph", json=body)
        assert (answer.status_code, "decoder alone" in answer.json()["detail"]) == (400, True)
        assert len(sampled(client, model=bare.id, n=2)) == 2
    finally:
        library.remove(bare.id)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/sample", {"model": "nosuch"}),
        ("/api/sample", {"model": "doodles", "label": "unicorn"}),
        ("/api/morph", {"model": "nosuch", "a": sketch(), "b": sketch()}),
    ],
)
def test_what_is_not_there_is_a_sentence(client: TestClient, path: str, body: dict[str, Any]) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".") or answer.json()["detail"].endswith("?")


def test_shapes_do_not_depend_on_size_and_place() -> None:
    drawing = Drawing.from_polylines([[(0, 0), (10, 0), (10, 5)]])
    large = Drawing.from_polylines([[(100, 100), (200, 100), (200, 150)]])
    other = Drawing.from_polylines([[(0, 0), (10, 10)]])
    assert 2 * point_set_chamfer(_normalized_points(drawing), _normalized_points(large)) == pytest.approx(
        0, abs=1e-6
    )
    assert 2 * point_set_chamfer(_normalized_points(drawing), _normalized_points(other)) > 0.1
    assert np.isfinite(_normalized_points(Drawing.from_polylines([[(1, 1)]]))).all()
