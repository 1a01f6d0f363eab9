"""The Scan room's interface: pictures in, strokes out, drawings into a corpus."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.studio.scan.pictures import CURVE, DASHES, TWO, file_of, pages, picture, pixels

import limner
from limner.corpus.load import load_corpus
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, points_along
from limner.studio.context import StudioContext

PNG = {"Content-Type": "image/png"}


def sent(client: TestClient, data: bytes | None = None, **query: Any) -> dict[str, Any]:
    """Send a picture; return what was found."""
    answer = client.post("/api/scan", content=data or picture(), headers=PNG, params=query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


def preview(client: TestClient, scan: dict[str, Any], **query: Any) -> dict[str, Any]:
    """Read a picture with other settings."""
    answer = client.get(f"/api/scan/{scan['id']}/preview", params=query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


# Sending -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_picture_becomes_strokes(client: TestClient) -> None:
    """The very ones that ``limner scan`` finds."""
    found = sent(client)
    wanted = limner.scan(pixels(CURVE))
    assert found["svg"] == wanted.to_svg()
    assert (found["width"], found["height"]) == (160, 120)
    assert found["found"]["strokes"] == len(wanted.drawing) == len(found["strokes"])
    assert found["found"]["points"] == wanted.drawing.n_points
    assert found["found"]["pen_px"] == pytest.approx(3, abs=0.6)
    assert found["found"]["warnings"] == []
    for stroke, other in zip(found["strokes"], wanted.drawing, strict=True):
        np.testing.assert_allclose(stroke, other, atol=0.006)
    assert found["parts"] == [
        {"frame": found["parts"][0]["frame"], "strokes": [0], "points": wanted.drawing.n_points}
    ]
    np.testing.assert_allclose(found["parts"][0]["frame"], wanted.drawing.bounds, atol=0.006)


@pytest.mark.slow
@pytest.mark.parametrize(
    "how",
    [
        {"files": {"file": ("a.png", picture(), "image/png")}},
        {"files": {"whatever": ("a.png", picture(), "application/octet-stream")}, "data": {"note": "x"}},
        {"content": picture(), "headers": {"Content-Type": "image/png"}},
        {"content": picture(), "headers": {"Content-Type": "application/octet-stream"}},
        {"content": picture()},
    ],
    ids=["form", "any-field", "image", "octets", "untold"],
)
def test_ways_to_send(client: TestClient, how: dict[str, Any]) -> None:
    answer = client.post("/api/scan", **how)
    assert answer.status_code == 200
    assert len(answer.json()["strokes"]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["jpeg", "tiff", "webp", "bmp"])
def test_kinds_of_pictures(client: TestClient, kind: str) -> None:
    assert len(sent(client, file_of(pixels(CURVE), kind))["strokes"]) == 1


@pytest.mark.slow
def test_names(client: TestClient) -> None:
    """The file's own unless another is given; never a path."""
    files = {"file": ("../../evil:name?.png", picture())}
    assert client.post("/api/scan", files=files).json()["name"] == "evilname.png"
    assert client.post("/api/scan", files=files, params={"name": "mine.png"}).json()["name"] == "mine.png"
    assert sent(client)["name"] == "The picture"


@pytest.mark.slow
def test_settings_come_with_the_picture(client: TestClient) -> None:
    assert len(sent(client, picture(*DASHES))["strokes"]) == 2
    assert len(sent(client, picture(*DASHES), join_px=15)["strokes"]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (file_of(np.full((50, 60), 255, np.uint8)), "blank"),
        (file_of(np.zeros((50, 60), np.uint8)), "blank"),
        (file_of(np.zeros((1, 1), np.uint8)), "blank"),
        (picture()[:300], "damaged"),
        (b"a letter", "no picture"),
        (b"%PDF-1.4", "no picture"),
        (b"", "no picture"),
    ],
    ids=["white", "black", "one-pixel", "cut", "text", "pdf", "nothing"],
)
def test_bad_pictures_are_refused_in_a_sentence(client: TestClient, data: bytes, words: str) -> None:
    answer = client.post("/api/scan", content=data, headers=PNG)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert not len(client.app.state.upload_store)  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"files": {"a": ("a.png", b"1"), "b": ("b.png", b"2")}}, 400),
        ({"data": {"file": "text"}}, 400),
        ({"json": {"file": "text"}}, 400),
        ({"content": b"--x\r\nrubbish", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
        ({"content": b"--x\r\nrubbish", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"content": picture(), "params": {"threshhold": 2}}, 422),
        ({"content": picture(), "params": {"threshold": "nan"}}, 422),
        ({"content": picture(), "params": {"page": 2}}, 400),
    ],
    ids=["two", "field", "json", "rubbish", "no-boundary", "misspelt", "nan", "no-page"],
)
def test_bad_requests_are_refused_in_a_sentence(client: TestClient, how: dict[str, Any], status: int) -> None:
    answer = client.post("/api/scan", **how)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")


@pytest.mark.slow
def test_pictures_may_be_large_but_not_too_large(client: TestClient, context: StudioContext) -> None:
    most = context.limits.upload_bytes
    assert client.post("/api/scan", content=b"0" * (context.limits.body_bytes + 1)).status_code == 400
    assert client.post("/api/scan", headers={"Content-Length": str(most + 1)}).status_code == 413


@pytest.mark.slow
def test_noise_is_refused_before_it_takes_long(client: TestClient) -> None:
    noise = np.where(np.random.default_rng(0).random((1000, 1000)) < 0.3, 0, 255).astype(np.uint8)
    answer = client.post("/api/scan", content=file_of(noise))
    assert answer.status_code == 400
    assert "is blank" in answer.json()["detail"]


# Reading again -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_sliders_change_what_is_found(client: TestClient) -> None:
    dashes, curve = sent(client, picture(*DASHES)), sent(client)
    assert len(preview(client, dashes, join_px=15)["strokes"]) == 1
    one = sent(client, picture(CURVE, [[10, 110], [20, 110]]))
    assert [len(preview(client, one, shortest_px=px)["strokes"]) for px in (0, 30)] == [2, 1]
    fine, coarse = (preview(client, curve, tolerance_px=t)["found"]["points"] for t in (0.1, 3))
    assert fine > 2 * coarse
    assert "svg" not in preview(client, curve)


@pytest.mark.slow
def test_separate_drawings(client: TestClient) -> None:
    found = sent(client, picture(*TWO))
    assert [part["strokes"] for part in found["parts"]] == [[0, 1]]
    apart = preview(client, found, separate=True)
    assert sorted(i for part in apart["parts"] for i in part["strokes"]) == [0, 1]
    assert len(apart["parts"]) == 2
    assert len(preview(client, found, separate=True, gap_px=100)["parts"]) == 1


@pytest.mark.slow
def test_all_strokes_too_short(client: TestClient) -> None:
    found = sent(client)
    answer = client.get(f"/api/scan/{found['id']}/preview", params={"shortest_px": 4000})
    assert answer.status_code == 400
    assert "shorter" in answer.json()["detail"]


@pytest.mark.slow
def test_pages(client: TestClient) -> None:
    found = sent(client, pages(pixels(CURVE), pixels(*DASHES), pixels(*TWO, size=(200, 160))))
    assert (found["page"], found["pages"], len(found["strokes"])) == (1, 3, 1)
    second, third = (preview(client, found, page=page) for page in (2, 3))
    assert (len(second["strokes"]), third["height"]) == (2, 200)
    answer = client.get(f"/api/scan/{found['id']}/preview", params={"page": 4})
    assert answer.status_code == 400
    assert "3 pages" in answer.json()["detail"]


@pytest.mark.slow
def test_what_is_shown(client: TestClient) -> None:
    """The picture upright, the ink black on nothing, the strokes as a document."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it right
    found = sent(client, file_of(pixels(CURVE), "jpeg", exif=exif))
    address = f"/api/scan/{found['id']}"
    shown = client.get(f"{address}/picture")
    assert shown.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(shown.content)).size == (120, 160) == (found["width"], found["height"])
    ink = Image.open(io.BytesIO(client.get(f"{address}/ink").content))
    cover = np.asarray(ink.convert("RGBA"))[..., 3] > 127
    upright = np.rot90(pixels(CURVE), -1) < 128
    assert (cover.reshape((*upright.shape, -1)).all(axis=-1) == upright).mean() > 0.98
    document = client.get(f"{address}/svg", params={"tolerance_px": 2})
    assert 'filename="The-picture.svg"' in document.headers["content-disposition"]
    assert 'viewBox="0 0 120 160"' in document.text


@pytest.mark.slow
def test_colour_is_shown(client: TestClient) -> None:
    paper = np.full((120, 160, 3), (250, 240, 200), np.uint8)
    paper[pixels(CURVE) < 128] = (40, 40, 160)
    found = sent(client, file_of(paper))
    shown = Image.open(io.BytesIO(client.get(f"/api/scan/{found['id']}/picture").content))
    red, _, blue = np.asarray(shown)[5, 5]
    assert red - int(blue) > 30


@pytest.mark.slow
def test_what_is_not_on_the_desk_is_not_found(client: TestClient) -> None:
    """So that the page knows to send it again."""
    found = sent(client)
    assert client.delete(f"/api/scan/{found['id']}").json() == {"id": found["id"]}
    for what in ("preview", "picture", "ink", "svg"):
        answer = client.get(f"/api/scan/{found['id']}/{what}")
        assert answer.status_code == 404
        assert "send it again" in answer.json()["detail"]
    assert client.delete(f"/api/scan/{found['id']}").status_code == 404
    body = {"scan": found["id"], "key": "k"}
    assert client.post("/api/scan/corpora/mine", json=body).status_code == 404


# Into a corpus -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_drawings_go_into_a_corpus(client: TestClient, context: StudioContext) -> None:
    """Which can be learnt from as it lies there; what comes twice is added once."""
    found = sent(client, picture(*TWO), name="page 1.png")
    body = {"scan": found["id"], "wish": {"separate": True}, "key": "abc"}
    for _ in range(2):
        grown = client.post("/api/scan/corpora/birds", json=body).json()
        assert grown["drawings"] == 2
        assert grown["added"] == ["page-1_abc-1", "page-1_abc-2"]
    listed = client.get("/api/scan/corpora").json()["corpora"]
    assert listed == [{"name": "birds", "drawings": 2, "place": "corpora/birds"}]
    corpus = load_corpus(context.folders.kept / listed[0]["place"])
    drawings = [corpus.drawing(name, i) for name, split in corpus.splits.items() for i in range(len(split))]
    assert len(drawings) == 2
    for drawing in drawings:
        left, top, right, bottom = drawing.bounds
        assert max(right - left, bottom - top) == pytest.approx(255, abs=0.1)


@pytest.mark.slow
def test_pixels_may_stay_and_drawings_be_left_out(client: TestClient, context: StudioContext) -> None:
    found = sent(client, picture(*TWO))
    body = {"scan": found["id"], "wish": {"separate": True}, "parts": [1], "side": None, "key": "abc"}
    added = client.post("/api/scan/corpora/birds", json=body).json()["added"]
    assert added == ["The-picture_abc-2"]
    drawing = Drawing.from_svg(context.folders.kept / "corpora/birds" / f"{added[0]}.svg")
    second = preview(client, found, separate=True)["parts"][1]
    np.testing.assert_allclose(drawing.bounds, second["frame"], atol=0.02)


@pytest.mark.slow
def test_what_was_added_can_be_taken_back(client: TestClient, context: StudioContext) -> None:
    found = sent(client)
    first = client.post("/api/scan/corpora/birds", json={"scan": found["id"], "key": "a"}).json()["added"]
    second = client.post("/api/scan/corpora/birds", json={"scan": found["id"], "key": "b"}).json()["added"]
    undo = {"drawings": [*second, "../../secret", "nosuch"]}
    assert client.post("/api/scan/corpora/birds/undo", json=undo).json() == {"drawings": 1}
    assert client.post("/api/scan/corpora/birds/undo", json={"drawings": first}).json() == {"drawings": 0}
    assert not (context.folders.kept / "corpora/birds").exists()
    assert client.post("/api/scan/corpora/birds/undo", json={"drawings": first}).status_code == 400


@pytest.mark.slow
@pytest.mark.parametrize("name", ["..", ".hidden", "a b", "x" * 49, "%2e%2e", "a%2fb", "é"])
def test_names_that_lead_elsewhere_are_refused(client: TestClient, context: StudioContext, name: str) -> None:
    found = sent(client)
    answer = client.post(f"/api/scan/corpora/{name}", json={"scan": found["id"], "key": "a"})
    assert answer.status_code in (400, 404)
    assert not list(context.folders.kept.rglob("*"))


@pytest.mark.slow
@pytest.mark.parametrize("parts", [[], [1], [0, 7]])
def test_drawings_that_are_not_there(client: TestClient, parts: list[int]) -> None:
    found = sent(client)
    body = {"scan": found["id"], "parts": parts, "key": "a"}
    answer = client.post("/api/scan/corpora/birds", json=body)
    assert answer.status_code == 400
    assert "holds 1 drawing with" in answer.json()["detail"]


@pytest.mark.slow
def test_real_pages(client: TestClient, data_dir: Path) -> None:
    for path in sorted((data_dir / "scans/sketchbook").glob("*.png"))[:3]:
        answer = client.post("/api/scan", files={"file": (path.name, path.read_bytes())})
        assert answer.json()["svg"] == limner.scan(path).to_svg()
        assert answer.json()["name"] == path.name


# What is changed by hand -------------------------------------------------------------------------

CROSS = [[[20, 20], [140, 100]], [[20, 100], [140, 20]]]


@pytest.mark.slow
def test_fixes_are_kept_beside_the_picture_and_applied(client: TestClient, tmp_path: Path) -> None:
    """By the page, in every file it saves, and by ``limner.scan`` beside the same file."""
    found = sent(client, picture(*CROSS), name="cross.png")
    (junction,) = found["junctions"]
    assert junction["chosen"] == 0
    assert 0 < junction["confidence"] < 1
    ends = [line[-1] for line in junction["lines"]]
    flip = {"kind": "flip", "at": junction["at"], "lines": ends, "pairs": junction["choices"][1]}
    body = {"fix": [flip], "size": [160, 120]}
    answer = client.post(f"/api/scan/{found['id']}/fixes", json=body)
    assert answer.json() == body
    fixed = preview(client, found)
    assert fixed["junctions"][0]["chosen"] == 1
    assert fixed["junctions"][0]["confidence"] == 1
    assert fixed["strokes"] != found["strokes"]
    assert fixed["found"]["warnings"] == ["1 fix by hand"]
    file = client.get(f"/api/scan/{found['id']}/fixes")
    assert 'filename="cross.fixes.toml"' in file.headers["content-disposition"]
    (tmp_path / "cross.png").write_bytes(picture(*CROSS))
    (tmp_path / "cross.fixes.toml").write_text(file.text)
    svg = client.get(f"/api/scan/{found['id']}/svg").text
    assert svg == limner.scan(tmp_path / "cross.png").to_svg()
    other = sent(client, picture(*CROSS), name="other.png")
    told = client.post(f"/api/scan/{other['id']}/fixes/text", json={"text": file.text})
    assert told.json() == body
    assert preview(client, other)["strokes"] == fixed["strokes"]
    client.post(f"/api/scan/{other['id']}/fixes", json={"fix": []})
    assert preview(client, other)["strokes"] == found["strokes"]


@pytest.mark.slow
def test_fixes_that_cannot_be_used_are_refused(client: TestClient) -> None:
    found = sent(client)
    path = f"/api/scan/{found['id']}/fixes"
    for answer in (
        client.post(path, json={"fix": [{"kind": "mend"}]}),
        client.post(f"{path}/text", json={"text": "fix = ["}),
    ):
        assert 400 <= answer.status_code < 500
        assert answer.json()["detail"].startswith("The file of fixes")
    assert client.post("/api/scan/nobody/fixes", json={"fix": []}).status_code == 404
    trails = [[stroke[0], *along(stroke), stroke[-1]] for stroke in found["strokes"]]
    client.post(path, json={"fix": [{"kind": "delete", "stroke": trail} for trail in trails]})
    answer = client.get(f"/api/scan/{found['id']}/preview")
    assert answer.json()["detail"] == "The picture: all strokes were deleted; undo."


def along(stroke: list[list[float]]) -> list[list[float]]:
    """Return the points at a third and at two thirds of a stroke."""
    lengths = arc_lengths(stroke)
    return points_along(stroke, lengths[-1] * np.array([1 / 3, 2 / 3])).tolist()  # type: ignore[no-any-return]
