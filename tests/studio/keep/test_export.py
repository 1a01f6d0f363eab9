"""Exports: each format read back by somebody else than its writer."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.studio.conftest import sketch

from limner.corpus.load import load_corpus
from limner.strokes.drawing import Drawing

THREE = [sketch(by=["you", "model"], label=label) for label in ("cat", "dog", "cat")]


def export(client: TestClient, sketches: list[dict[str, Any]] | None = None, **wanted: Any) -> Any:
    answer = client.post("/api/export", json={"sketches": sketches or THREE[:1], **wanted})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.slow
def test_svg_comes_back_as_it_was(client: TestClient) -> None:
    answer = export(client, format="svg", name="My cat")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"] == 'attachment; filename="My cat.svg"'
    again = client.post("/api/open", json={"text": answer.text}).json()
    for stroke, points in zip(again["strokes"], sketch()["strokes"], strict=True):
        np.testing.assert_allclose(stroke, points, atol=0.02)


def test_plotter_pages_have_a_layer_a_hand(client: TestClient) -> None:
    text = export(client, THREE, format="plotter", page="A5", landscape=True, margin_mm=12).text
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("210mm", "148mm", "0 0 210 148")
    label = "{http://www.inkscape.org/namespaces/inkscape}label"
    layers = [group for group in root if group.get(label)]
    assert [layer.get(label) for layer in layers] == ["1 you", "!2 model"]
    assert [len(layer) for layer in layers] == [3, 3]
    x_min, y_min, x_max, y_max = Drawing.from_svg_text(text).bounds
    assert min(x_min, y_min) >= 12
    assert x_max <= 198
    assert y_max <= 136


@pytest.mark.parametrize(("pens", "layers"), [("one", 1), ("strokes", 2), ("hands", 2)])
def test_pens(client: TestClient, pens: str, layers: int) -> None:
    text = export(client, THREE, format="plotter", pens=pens).text
    assert text.count("inkscape:groupmode") == layers


def test_png(client: TestClient) -> None:
    one = Image.open(io.BytesIO(export(client, format="png", size_px=200).content))
    assert one.size == (200, 200)
    sheet = Image.open(io.BytesIO(export(client, THREE, format="png", size_px=600).content))
    assert sheet.width > sheet.height > 100


def test_gif_and_its_length(client: TestClient) -> None:
    data = export(
        client, format="gif", seconds=1, hold_seconds=1, fps=10, size_px=64, colour_by="order"
    ).content
    image = Image.open(io.BytesIO(data))
    total = 0
    for frame in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(frame)
        total += image.info["duration"]
    assert total == 2000


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["draw", "sheet", "morph"])
def test_films(client: TestClient, kind: str) -> None:
    pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    data = export(client, THREE, format="mp4", kind=kind, seconds=0.5, hold_seconds=0, size_px=64).content
    assert data[4:8] == b"ftyp"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["draw", "sheet", "morph"])
def test_moving_svg_shows_the_finished_drawing_to_those_who_do_not_play_it(
    client: TestClient, kind: str
) -> None:
    text = export(client, THREE, format="moving-svg", kind=kind, size_px=100).text
    assert "@keyframes" in text
    assert len(Drawing.from_svg_text(text)) >= 2


def test_npz_can_be_trained_on(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "kept.npz").write_bytes(export(client, THREE, format="npz").content)
    corpus = load_corpus(str(tmp_path / "kept.npz"))
    assert len(corpus.splits["train"]) == 3
    np.testing.assert_allclose(
        corpus.drawing("train", 0).points, Drawing.from_polylines(sketch()["strokes"]).points, atol=0.05
    )


def test_zip_holds_one_file_a_drawing(client: TestClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO(export(client, THREE, format="zip").content))
    assert archive.namelist() == ["0000.svg", "0001.svg", "0002.svg"]
    assert len(Drawing.from_svg_text(archive.read("0001.svg"))) == 2


@pytest.mark.parametrize(
    ("name", "file"), [("", "limner"), ("../../x", "x"), ('a"; b\r\nX: y', "a"), ("日本", "limner")]
)
def test_names_of_files(client: TestClient, name: str, file: str) -> None:
    found = re.fullmatch(
        r'attachment; filename="([\w -]+)\.svg"',
        export(client, format="svg", name=name).headers["content-disposition"],
    )
    assert found is not None
    assert found[1].startswith(file)


@pytest.mark.slow
@pytest.mark.parametrize(
    "wanted",
    [
        {"format": "bmp"}, {"format": "svg", "sketches": []}, {"format": "png", "fps": 51},
        {"format": "svg", "sketches": [{"strokes": []}]},
        {"format": "png", "size_px": 100_000}, {"format": "gif", "fps": 0}, {"format": "gif", "seconds": 1e9},
        {"format": "plotter", "page": "A0"}, {"format": "plotter", "margin_mm": 90},
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(client: TestClient, wanted: dict[str, Any]) -> None:
    answer = client.post("/api/export", json={"sketches": THREE[:1], **wanted})
    assert answer.status_code == 422
    assert set(answer.json()) == {"detail"}
