"""The map's own arithmetic, in Node: places, the camera, choices."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation.map_page import MODULES, WEB

Places = NDArray[np.float64]
FOLDER = Path(str(WEB))

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def _said(code: str, **given: Any) -> Any:
    """Run lines of JavaScript that end by calling ``say``."""
    imports = "\n".join(
        f"import {{ {names} }} from {json.dumps((FOLDER / 'map' / file).as_uri())};"
        for file, names in (
            ("points.js", "Points, isInside"),
            ("camera.js", "Camera"),
            ("choices.js", "Choices"),
            ("groups.js", "Groups"),
            ("squares.js", "Squares"),
        )
    )
    lines = [f"const {name} = {json.dumps(value)};" for name, value in given.items()]
    script = "\n".join([imports, "const say = (x) => console.log(JSON.stringify(x));", *lines, code])
    command = ["node", "--input-type=module"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def places() -> Places:
    return np.random.default_rng(0).normal(size=(400, 2)).round(4)


def test_every_module_is_taken() -> None:
    there = {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.js")}
    assert there == set(MODULES)


@pytest.mark.slow
def test_the_nearest_and_what_lies_in_a_box(
    places: Places,
) -> None:
    code = """
        const points = new Points(x, y);
        const near = asked.map(([a, b]) => points.nearest(a, b, 0.5));
        say([near, points.within({left: -0.5, top: 0, right: 0.7, bottom: 2})]);
    """
    asked = [[0, 0], [1, -1], [3, 3], [9, 9]]
    near, inside = _said(code, x=places[:, 0].tolist(), y=places[:, 1].tolist(), asked=asked)
    away = np.hypot(*(places[:, None] - np.array(asked)[None]).transpose(2, 0, 1))
    wanted = [int(k) if away[k, j] <= 0.5 else -1 for j, k in enumerate(away.argmin(axis=0))]
    assert near == wanted
    box = (places[:, 0] >= -0.5) & (places[:, 0] <= 0.7) & (places[:, 1] >= 0) & (places[:, 1] <= 2)
    assert sorted(inside) == np.flatnonzero(box).tolist()


@pytest.mark.slow
def test_a_lasso_of_any_form(places: Places) -> None:
    """A star that crosses itself: even-odd, so that its middle is outside."""
    turns = np.arange(5) * 4 * np.pi / 5
    star = np.column_stack([np.sin(turns), -np.cos(turns)])
    inside = _said(
        "say(new Points(x, y).inside(line));",
        x=places[:, 0].tolist(),
        y=places[:, 1].tolist(),
        line=star.tolist(),
    )
    radii = np.hypot(*places.T)
    assert 0 < len(inside) < (radii < 1).sum()
    assert not set(inside) & set(np.flatnonzero(radii < 0.3).tolist())
    assert max(radii[inside]) <= 1
    assert _said("say(new Points(x, y).inside([[0, 0], [1, 1]]));", x=[0.5], y=[0.5]) == []


def test_rooms_never_overlap(places: Places) -> None:
    code = "const points = new Points(x, y); say([...points.rooms]);"
    rooms = np.array(_said(code, x=places[:, 0].tolist(), y=places[:, 1].tolist()))
    assert (rooms > 0).all()
    apart = np.abs(places[:, None] - places[None]).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    for side in (2.0, 1.0, 0.3, 0.1):
        shown = rooms >= side
        assert shown.sum() >= 3
        assert (apart[shown][:, shown] >= side * 0.999).all()
        hidden = apart[~shown][:, shown].min(axis=1) if (~shown).any() else np.zeros(1)
        assert (hidden < 2 * side).all()  # no place is left where one more would fit


@pytest.mark.slow
def test_places_without_any_extent() -> None:
    for x in ([], [3], [3, 3, 3]):
        size, box = _said("const p = new Points(x, x); p.rooms; say([p.size, p.box]);", x=x)
        assert size == len(x)
        assert box["left"] <= box["right"]


@pytest.mark.slow
def test_steps_go_ahead() -> None:
    x, y = [0, 1, 0, -1, 0, 5], [0, 0, 1, 0, -1, 0.1]
    ways = "[[1, 0], [0, 1], [-1, 0], [0, -1]]"
    code = f"const p = new Points(x, y); say({ways}.map(([a, b]) => p.towards(0, a, b)));"
    assert _said(code, x=x, y=y) == [1, 2, 3, 4]
    assert _said("say(new Points([0, 1], [0, 0]).towards(1, 1, 0));") == -1


def test_the_camera_goes_there_and_back() -> None:
    code = """
        const camera = new Camera();
        camera.resize(800, 600);
        const edges = { left: 100, top: 50, right: 0, bottom: 50 };
        camera.fit({ left: -1, top: -1, right: 1, bottom: 1 }, edges, { whole: true });
        const corner = camera.toScreen(-1, -1), opposite = camera.toScreen(1, 1);
        const under = camera.toWorld(300, 200);
        camera.zoom(7, 300, 200);
        const still = camera.toWorld(300, 200);
        camera.pan(40, -10);
        say({ corner, opposite, under, still, panned: camera.toScreen(...under), near: camera.nearness });
    """
    found = _said(code)
    assert found["corner"] == pytest.approx([200, 50])
    assert found["opposite"] == pytest.approx([700, 550])
    assert found["still"] == pytest.approx(found["under"])
    assert found["panned"] == pytest.approx([340, 190])
    assert found["near"] == pytest.approx(7)


def test_choices_and_the_way_back() -> None:
    code = """
        const choices = new Choices(), ids = ["a#0", 'b "x", y#1', "c#2", "d#3"];
        choices.set([0, 1], { mark: "keep" });
        choices.set([1], { label: "a cat, sitting" });
        choices.set([2], { mark: "drop" });
        const full = choices.toCsv(ids, new Set([3])), counts = choices.counts;
        choices.undo(); choices.undo();
        const back = choices.toCsv(ids, new Set());
        choices.set([0], { mark: "", label: null });
        const left = choices.toCsv(ids, new Set());
        say({ full, counts, back, left, undone: [choices.undo(), choices.undo(), choices.undo()] });
    """
    found = _said(code)
    assert found["full"] == (
        'source,choice,label\na#0,keep,\n"b ""x"", y#1",keep,"a cat, sitting"\nc#2,drop,\nd#3,,\n'
    )
    assert found["counts"] == {"keep": 2, "drop": 1, "labelled": 1}
    assert found["back"] == 'source,choice,label\na#0,keep,\n"b ""x"", y#1",keep,\n'
    assert found["left"] == 'source,choice,label\n"b ""x"", y#1",keep,\n'
    assert found["undone"] == [True, True, False]


def test_squares_find_what_is_near(places: Places) -> None:
    """As many cells as there are drawers, and more; below and above zero."""
    code = """
        const squares = new Squares(0.3, x.length);
        x.slice(100).forEach((one, i) => squares.add(one, y[i + 100]));
        say(x.slice(0, 100).map((one, i) => [0.05, 0.3].map((reach) => squares.has(one, y[i], reach))));
    """
    found = np.array(_said(code, x=places[:, 0].tolist(), y=places[:, 1].tolist()))
    away = np.abs(places[:100, None] - places[None, 100:]).max(axis=2).min(axis=1)
    np.testing.assert_array_equal(found, np.column_stack([away < 0.05, away < 0.3]))
    assert 0 < found[:, 0].sum() < found[:, 1].sum()


def test_choices_that_were_saved_come_back() -> None:
    code = """
        const choices = new Choices();
        choices.set([4], { mark: "keep" });
        choices.restore([[0, { mark: "drop", label: null }], [1, { mark: "", label: "x" }]]);
        say([choices.words(3), choices.saved, choices.undo(), [...choices.all].map(([i]) => i)]);
    """
    assert _said(code) == ["3 chosen · 1 dropped · 1 labelled", True, False, [0, 1]]


def test_groups() -> None:
    groupings = [
        {"name": "cluster", "names": ["0", "cats"], "of": [1, 0, -1, 1]},
        {"name": "label", "names": ["a"], "of": [0, 0, 0, 0]},
    ]
    code = """
        const style = { "--light": "0.5", "--chroma": "0.1", "--soft": "grey" };
        const groups = new Groups(all, (name) => style[name]), names = [groups.name(1), groups.name(-1)];
        const first = [groups.sizes(), groups.members(1), ...names, groups.colourOf(2)];
        const apart = new Set([-1, 0, 1].map((k) => groups.colour(k))).size;
        groups.turnTo(all[1]);
        say({ first, apart, then: [groups.sizes(), groups.name(0), groups.of(0, all[0])] });
    """
    found = _said(code, all=groupings)
    assert found["first"] == [[[0, 1], [1, 2], [-1, 1]], [0, 3], "cats", "none", "grey"]
    assert found["apart"] == 3
    assert found["then"] == [[[0, 4]], "a", 1]
