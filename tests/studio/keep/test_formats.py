"""The formats of exports: the table of drawing writers, for the server and for the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.plugins import installed, read_again

from limner.render.writers import WRITERS, WriteOptions
from limner.strokes.drawing import Drawing
from limner.studio.keep.export import FORMATS
from limner.studio.keep.formats import export_bytes, export_formats

DRAWINGS = [Drawing.from_polylines([[(0, 0), (k, 9), (9, k)]]) for k in range(1, 4)]


def test_the_page_offers_what_the_server_writes(client: TestClient) -> None:
    offered = client.get("/api/studio").json()["exports"]
    assert [one["name"] for one in offered] == list(FORMATS)
    assert {name for name, writer in WRITERS.built_in() if writer.suffix} <= set(FORMATS)
    uses = {one["name"]: one["uses"] for one in offered}
    assert (uses["plotter"], uses["npz"]) == (["plot"], [])
    assert [name for name in uses if "motion" in uses[name]] == ["gif", "mp4", "moving-svg"]


@pytest.mark.parametrize("name", list(export_formats()))
def test_every_format_is_exported(client: TestClient, name: str) -> None:
    if name == "mp4":
        pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    sketches = [{"strokes": [stroke.tolist() for stroke in drawing]} for drawing in DRAWINGS]
    body = {"sketches": sketches, "format": name, "size_px": 48, "seconds": 0.5, "hold_seconds": 0}
    answer = client.post("/api/export", json=body)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMATS[name].media_type
    assert answer.headers["content-disposition"].endswith(f'{FORMATS[name].mark}{FORMATS[name].suffix}"')
    assert answer.content


def test_writers_of_other_packages_are_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_again(monkeypatch, WRITERS)
    (tmp_path / "stranger.py").write_text(
        "from limner.render.writers import DrawingWriter\n"
        "def write(drawings, path, options):\n"
        "    path.write_text(str(len(drawings)))\n"
        "COUNT = DrawingWriter('Count', '.txt', 'text/plain', write)\n"
    )
    installed(tmp_path, monkeypatch, "limner.writers", count="stranger:COUNT")
    assert list(export_formats())[-2:] == ["count", "npz"]
    assert export_bytes("count", DRAWINGS, WriteOptions()) == b"3"
