"""What is kept: one SVG file a drawing, in a folder that is the truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.studio.conftest import sketch

from limner.strokes.drawing import Drawing
from limner.studio.context import StudioContext
from limner.studio.limits import Limits

FULL = "1 drawings are kept already; give some up first."
LINE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1L9 3"/></svg>'
OUTWARD = ["../secret", "..%2fsecret", "%2e%2e%2fsecret", "/etc/passwd", "nosuch", "%2e", "a%00b"]
ODD_NAMES = ["../../x", "/etc/x", "a/b\\c", "", "..", "\u202e<b>&\"'", "x" * 200, "日本"]


def keep(client: TestClient, **changes: Any) -> dict[str, Any]:
    body = {"sketch": sketch(by=["you", "model"], label="cat"), "name": "A cat, asleep!", **changes}
    answer = client.post("/api/keep", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


@pytest.mark.slow
def test_keeping(client: TestClient, context: StudioContext) -> None:
    assert client.get("/api/keep").json() == {"items": [], "total": 0}
    assert not context.folders.kept.exists()
    item = keep(client)
    assert item["name"] == "A cat, asleep!"
    assert "a-cat-asleep" in item["id"]
    assert item["sketch"]["by"] == ["you", "model"]
    assert item["sketch"]["label"] == "cat"
    assert client.get("/api/keep").json() == {"items": [item], "total": 1}
    assert client.get(f"/api/keep/{item['id']}").json() == item


def test_a_kept_file_is_a_drawing_for_everybody(client: TestClient, context: StudioContext) -> None:
    item = keep(client)
    path = context.folders.kept / f"{item['id']}.svg"
    drawing = Drawing.from_svg(path)
    wanted = sketch()["strokes"]
    assert drawing.label == "A cat, asleep!"
    for stroke, points in zip(drawing, wanted, strict=True):
        np.testing.assert_allclose(stroke, points, atol=0.01)
    assert path.read_text().count("<path") == 2
    assert 'stroke="#b4532a"' in path.read_text()


@pytest.mark.slow
def test_what_comes_twice_is_kept_once(client: TestClient) -> None:
    """A page that did not hear the answer sends again."""
    first, again = keep(client, key="0123456789abcdef"), keep(client, key="0123456789abcdef")
    assert first == again
    keep(client, key="another0123456789")
    keep(client)
    keep(client)
    assert client.get("/api/keep").json()["total"] == 4


@pytest.mark.slow
def test_files_that_somebody_puts_there_are_seen(client: TestClient, context: StudioContext) -> None:
    context.folders.kept.mkdir()
    (context.folders.kept / "mine.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1L9 3"/></svg>'
    )
    (item,) = client.get("/api/keep").json()["items"]
    assert (item["id"], item["name"], item["sketch"]["by"]) == ("mine", "mine", None)
    (context.folders.kept / "mine.svg").unlink()
    assert client.get("/api/keep").json()["items"] == []


@pytest.mark.slow
def test_damaged_files_and_strange_notes_are_passed_over(client: TestClient, context: StudioContext) -> None:
    context.folders.kept.mkdir()
    notes = [
        "{",
        "[]",
        json.dumps({"limner": 3}),
        json.dumps({"limner": {"by": ["x"], "created": "y", "name": 4, "label": []}}),
    ]
    for k, note in enumerate(notes):
        (context.folders.kept / f"{k}.svg").write_text(
            LINE.replace("<path", f"<metadata>{note}</metadata><path")
        )
    (context.folders.kept / "damaged.svg").write_text("<svg")
    (context.folders.kept / "bomb.svg").write_text(
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg/>'
    )
    (context.folders.kept / "empty.svg").write_text("")
    (context.folders.kept / "folder.svg").mkdir()
    listed = client.get("/api/keep").json()
    assert sorted(item["id"] for item in listed["items"]) == ["0", "1", "2", "3"]


def test_links_are_not_followed(client: TestClient, context: StudioContext, tmp_path: Path) -> None:
    outside = tmp_path / "secret.svg"
    outside.write_text(LINE)
    context.folders.kept.mkdir()
    (context.folders.kept / "link.svg").symlink_to(outside)
    assert client.get("/api/keep").json()["items"] == []
    assert client.delete("/api/keep/link").status_code == 404
    assert outside.exists()


@pytest.mark.parametrize("name", OUTWARD)
def test_only_what_is_listed_can_be_named(
    client: TestClient, context: StudioContext, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(LINE)
    keep(client)
    assert client.get(f"/api/keep/{name}").status_code == 404
    assert client.delete(f"/api/keep/{name}").status_code in (404, 405)
    assert secret.exists()
    assert len(list(context.folders.kept.iterdir())) == 1


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_do_not_lead_out(client: TestClient, context: StudioContext, tmp_path: Path, name: str) -> None:
    before = set(tmp_path.rglob("*"))
    item = keep(client, name=name)
    new = set(tmp_path.rglob("*")) - before - {context.folders.kept}
    assert [path.parent for path in new] == [context.folders.kept]
    assert item["name"] == (name or "cat")


def test_giving_up(client: TestClient, context: StudioContext) -> None:
    item = keep(client)
    assert client.delete(f"/api/keep/{item['id']}").json() == {"id": item["id"]}
    assert client.delete(f"/api/keep/{item['id']}").status_code == 404
    assert list(context.folders.kept.iterdir()) == []


def test_the_folder_is_bounded(client: TestClient, context: StudioContext) -> None:
    context.limits = Limits(kept_drawings=1)
    keep(client)
    answer = client.post("/api/keep", json={"sketch": sketch()})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "1 drawings are kept already; give some up first.",
    )


def test_a_folder_that_cannot_be_written_is_a_sentence(client: TestClient, context: StudioContext) -> None:
    context.folders.kept.write_text("in the way")
    answer = client.post("/api/keep", json={"sketch": sketch()})
    assert answer.status_code == 400
    assert "Cannot write" in answer.json()["detail"]


@pytest.mark.slow
def test_opening_svg(client: TestClient) -> None:
    text = '<svg xmlns="http://www.w3.org/2000/svg"><title>z</title><path d="M1 1H8L1 8H8"/></svg>'
    found = client.post("/api/open", json={"text": text}).json()
    sketch = {"strokes": [[[1, 1], [8, 1], [1, 8], [8, 8]]], "label": "z", "by": None}
    assert found == {**sketch, "notes": []}
    text = text.replace("</svg>", "<text>hello</text></svg>")
    found = client.post("/api/open", json={"text": text}).json()
    assert found == {**sketch, "notes": ["Passed over: texts (1)."]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "damaged or no SVG"),
        ("<html/>", "not SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "draws no"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9e9 1"/></svg>', "too large"),
        ('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "outside itself"),
    ],
)
def test_what_is_no_drawing_is_not_opened(client: TestClient, text: str, what: str) -> None:
    answer = client.post("/api/open", json={"text": text, "name": "a.svg"})
    assert answer.status_code == 400
    assert what in answer.json()["detail"]
