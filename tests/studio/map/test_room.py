"""The Map room's routes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.studio.conftest import PATIENT_SECONDS
from tests.studio.map.maps import lay_toys, write_toys

from limner.corpus.load import load_corpus
from limner.studio.context import StudioContext
from limner.studio.map.schemas import MapData


@pytest.fixture
def toys(context: StudioContext, tmp_path: Path) -> str:
    """Lay sixty toys out; return the map's id."""
    return lay_toys(context.folders.kept, write_toys(tmp_path / "toys.parquet"))


def ok(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.slow
def test_what_there_is(client: TestClient, toys: str) -> None:
    room = ok(client.get("/api/map"))
    assert [one["id"] for one in room["maps"]] == [toys]
    assert (room["corpora"], room["making"]) == (["doodles"], None)
    assert ok(client.get(f"/api/map/{toys}"))["state"] == "ready"
    assert ok(client.get(f"/api/map/{toys}/facts")) == room["maps"][0]


@pytest.mark.slow
def test_all_that_a_page_needs(client: TestClient, toys: str) -> None:
    data = ok(client.get(f"/api/map/{toys}/data"))
    MapData.model_validate(data)  # what is said of it in the description
    assert len(data["ids"]) == len(data["x"]) == len(data["tiles"]["paths"]) == 60
    sheet = client.get(data["tiles"]["sources"][0])
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "image/png")
    sketch = ok(client.get(f"/api/map/{toys}/drawings/3"))
    assert sketch["strokes"]
    near = ok(client.get(f"/api/map/{toys}/neighbours/3?k=4"))["items"]
    assert len(near) == 4
    assert 3 not in [one["i"] for one in near]


@pytest.mark.slow
def test_choices_lead_on_to_a_corpus(client: TestClient, context: StudioContext, toys: str) -> None:
    """Which is what limner build makes of them, and can be learnt from."""
    address = f"/api/map/{toys}/build"
    refused = client.post(address, json={"name": "mine"})
    assert refused.status_code == 400
    assert "save that first" in refused.json()["detail"]
    ok(client.post(f"/api/map/{toys}/choices", json={"keep": [1, 2, 3], "labels": {"a cat": [2]}}))
    built = ok(client.post(address, json={"name": "mine"}))
    assert (built["corpus"], built["drawings"]) == ("mine-chosen.npz", 3)
    assert built["file"] == str(context.folders.kept / "corpora/mine-chosen.npz")
    assert "--choices" in built["command"]
    assert built["train"].startswith("limner train ")
    corpus = load_corpus(built["file"])
    assert sum(map(len, corpus.splits.values())) == 3
    assert "mine-chosen.npz" in ok(client.get("/api/map"))["corpora"]
    ok(client.post(f"/api/map/{toys}/choices", json={"keep": [5]}))
    assert ok(client.post(address, json={"name": "mine"}))["drawings"] == 1
    for name in ("", "..", "--out", "a/b"):
        assert client.post(address, json={"name": name}).status_code == 422


@pytest.mark.slow
def test_what_cannot_be_built_is_a_sentence(client: TestClient, toys: str) -> None:
    ok(client.post(f"/api/map/{toys}/choices", json={"drop": list(range(60))}))
    refused = client.post(f"/api/map/{toys}/build", json={"name": "mine"})
    assert refused.status_code == 400
    assert "limner:" not in refused.json()["detail"]
    assert refused.json()["detail"].endswith(".")


@pytest.mark.slow
def test_imagining(client: TestClient, toys: str) -> None:
    data = ok(client.get(f"/api/map/{toys}/data"))
    spot = {"model": "doodles", "x": data["x"][5], "y": data["y"][5], "temperature": 0.01, "nearest": 4}
    found = ok(client.post(f"/api/map/{toys}/imagine", json=spot))
    assert found["sketch"]["strokes"]
    assert found["of"][0]["i"] == 5
    assert sum(one["share"] for one in found["of"]) == pytest.approx(1)
    assert ok(client.post(f"/api/map/{toys}/imagine", json=spot)) == found
    refused = client.post(f"/api/map/{toys}/imagine", json={**spot, "model": "nosuch"})
    assert refused.status_code == 400
    assert client.post(f"/api/map/{toys}/imagine", json={**spot, "x": 1e9}).status_code == 422


@pytest.mark.slow
def test_choices(client: TestClient, context: StudioContext, toys: str) -> None:
    chosen = {"keep": [1, 2], "drop": [5], "labels": {"tomcat": [1]}}
    saved = ok(client.post(f"/api/map/{toys}/choices", json=chosen))
    assert saved == {"file": str(context.folders.kept / "choices" / "toys.parquet.csv"), "rows": 3}
    assert ok(client.get(f"/api/map/{toys}/choices")) == chosen
    assert client.post(f"/api/map/{toys}/choices", json={"keep": [60]}).status_code == 400
    assert ok(client.get(f"/api/map/{toys}/choices")) == chosen
    ok(client.delete(f"/api/map/{toys}"))
    assert Path(saved["file"]).is_file()
    assert client.get(f"/api/map/{toys}").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["", "/facts", "/data", "/sheets/0", "/drawings/0", "/neighbours/0", "/choices"]
)
def test_what_is_not_there(client: TestClient, toys: str, path: str) -> None:
    assert client.get(f"/api/map/{'0' * 16}{path}").status_code == 404
    assert client.get(f"/api/map/..%2f..%2f{toys}{path}").status_code in (404, 422)
    if path in ("/sheets/0", "/drawings/0", "/neighbours/0"):
        assert client.get(f"/api/map/{toys}{path}99").status_code == 404


@pytest.mark.slow
def test_making_and_stopping(client: TestClient, context: StudioContext) -> None:
    write_toys(context.folders.kept / "corpora" / "toys.parquet", 24)
    wanted = {"corpus": "toys.parquet"}
    begun = ok(client.post("/api/map", json=wanted))
    assert begun["state"] == "going"
    assert ok(client.get("/api/map"))["making"]["id"] == begun["id"]
    busy = client.post("/api/map", json={**wanted, "seed": 1})
    assert (busy.status_code, "Another map" in busy.text) == (400, True)
    ok(client.delete(f"/api/map/{begun['id']}"))
    assert ok(client.get(f"/api/map/{begun['id']}"))["detail"] == "The map was given up."
    assert ok(client.post("/api/map", json=wanted))["state"] == "going"
    job = context.map_process.job
    assert job is not None
    assert job.ended.wait(PATIENT_SECONDS)
    assert ok(client.get(f"/api/map/{begun['id']}"))["state"] == "ready"
    assert ok(client.post("/api/map", json=wanted))["state"] == "ready"
