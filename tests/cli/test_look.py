"""``--ground`` and ``--smooth`` of the verbs that write sheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageDraw

import limner.demo.run as demo_run
from limner.render.style import HAND_INKS, Style

if TYPE_CHECKING:
    from tests.cli.conftest import Limner

SVG = "{http://www.w3.org/2000/svg}"
WHITE, PAPER, NOTHING = (255, 255, 255, 255), (250, 247, 240, 255), 0


def corner(path: Path) -> tuple[int, ...]:
    with Image.open(path) as image:
        return tuple(int(value) for value in np.asarray(image.convert("RGBA"))[0, 0])


@pytest.mark.parametrize(("ground", "colour"), [("auto", WHITE), ("paper", PAPER), ("white", WHITE)])
def test_grounds_of_scans(limner: Limner, work: Path, ground: str, colour: tuple[int, ...]) -> None:
    _page(work / "page.png")
    assert limner("scan", "page.png", "--out", "out", "--ground", ground).code == 0
    assert corner(work / "out/contact.png") == colour


def test_a_scan_without_ground_leaves_the_svg_as_it_is(limner: Limner, work: Path) -> None:
    _page(work / "page.png")
    for out, options in (("plain", ()), ("bare", ("--ground", "none", "--smooth"))):
        assert limner("scan", "page.png", "--out", out, *options).code == 0
    assert corner(work / "bare/contact.png")[3] == NOTHING
    assert (work / "plain/page.svg").read_bytes() == (work / "bare/page.svg").read_bytes()
    opaque = np.asarray(Image.open(work / "bare/contact.png"))[..., 3] == 255
    assert opaque.mean() > 0.3  # the page is as it was


@pytest.mark.slow
@pytest.mark.parametrize(("ground", "colour"), [("auto", PAPER), ("white", WHITE)])
def test_grounds_of_clusters(
    limner: Limner, npz: Path, work: Path, ground: str, colour: tuple[int, ...]
) -> None:
    assert limner("curate", "cluster", npz, "-k", "1", "--out", "c", "--ground", ground).code == 0
    assert corner(work / "c/sheets/cluster-00.png") == colour


@pytest.mark.slow
def test_clusters_without_ground_in_smooth_lines(limner: Limner, npz: Path, work: Path) -> None:
    for out, options in (("straight", ()), ("smooth", ("--smooth",))):
        assert (
            limner("curate", "cluster", npz, "-k", "1", "--out", out, "--ground", "none", *options).code == 0
        )
    straight, smooth = (
        np.asarray(Image.open(work / out / "sheets/cluster-00.png")) for out in ("straight", "smooth")
    )
    assert straight[0, 0, 3] == NOTHING
    assert 0.01 < (straight[..., 3] > 0).mean() < 0.5  # ink and letters, but no cards
    assert (straight != smooth).any()


@pytest.mark.slow
def test_neighbours_in_smooth_lines_on_white(limner: Limner, npz: Path, work: Path) -> None:
    options = ("--of", f"{npz.name}#3", "-k", "2", "--ground", "white", "--smooth")
    assert limner("curate", "neighbours", npz, *options, "--out", "n.svg").code == 0
    root = ElementTree.parse(work / "n.svg").getroot()
    assert next(root.iter(f"{SVG}rect")).get("fill") == "#ffffff"
    assert any("C" in path.attrib["d"] for path in root.iter(f"{SVG}path"))


def test_the_demo_passes_its_look_on(limner: Limner, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Style] = []

    class Done:
        interrupted = False

    def run_demo(*_: Any, style: Style, **__: Any) -> Done:
        seen.append(style)
        return Done()

    monkeypatch.setattr(demo_run, "run_demo", run_demo)
    assert limner("demo", "--out", "d", "--ground", "none", "--smooth").code == 0
    assert seen == [Style(ground="none", smooth=True)]


@pytest.mark.slow
def test_reconstructions_have_two_inks_and_one_scale(limner: Limner, work: Path) -> None:
    assert limner("reconstruct", "doodles", "-n", "2", "--out", "r.svg").code == 0
    groups = [g for g in ElementTree.parse(work / "r.svg").iter(f"{SVG}g") if g.get("id") != "lettering"]
    inks = [{path.get("stroke") for path in group.iter(f"{SVG}path")} for group in groups]
    person, model = ({ink} for ink in HAND_INKS)
    assert inks == [person, model] * 2


def _page(path: Path) -> None:
    image = Image.new("L", (160, 120), 250)
    ImageDraw.Draw(image).line([(20, 20), (140, 100), (20, 100)], fill=20, width=3)
    image.save(path)
