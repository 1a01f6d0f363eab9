"""G-code and HPGL are parsed back: the same lines on the page, the pen up on every way, parked at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from limner.errors import LimnerError
from limner.plot.codes import plan_to_codes
from limner.plot.layers import PlotPlan
from limner.plot.page import PlotPage
from limner.plot.pens import PENS, parse_pen
from limner.plot.plan import plan_page
from limner.plot.profile import SHIPPED, load_profile
from limner.strokes.drawing import Drawing

RNG = np.random.default_rng(5)
SCRIBBLE = Drawing.from_polylines([*RNG.uniform(0, 100, (12, 9, 2)), [(3.0, 4.0)]])


@dataclass
class Drawn:
    """What a machine would have drawn: lines in its units, and the pen before each."""

    lines: list[list[tuple[float, float]]] = field(default_factory=list)
    pens: list[int] = field(default_factory=list)
    at: tuple[float, float] = (0.0, 0.0)
    down: bool = False
    pen: int = 0
    pauses: int = 0

    def lower(self) -> None:
        assert not self.down, "the pen is down already"
        self.down = True
        self.lines.append([self.at])
        self.pens.append(self.pen)

    def move(self, x: float, y: float) -> None:
        self.at = (x, y)
        if self.down:
            self.lines[-1].append(self.at)


def read_gcode(text: str) -> Drawn:
    """Parse G-code of a servo (M3 S) or of a Z axis."""
    drawn = Drawn()
    for row in text.splitlines():
        words = dict(re.findall(r"([A-Z])(-?[\d.]+)", re.sub(r"\(.*?\)", "", row)))
        if row.startswith("M3"):
            lifted = words["S"] == "300"
            drawn.down = False if lifted else drawn.down
            if not lifted:
                drawn.lower()
        elif "Z" in words:
            drawn.down = False if float(words["Z"]) > 0 else drawn.down
            if float(words["Z"]) <= 0:
                drawn.lower()
        elif "X" in words:
            assert drawn.down == row.startswith("G1"), f"the pen must be up on ways, and only there: {row}"
            drawn.move(float(words["X"]), float(words["Y"]))
        elif row == "M0":
            assert not drawn.down
            drawn.pauses += 1
    return drawn


def read_hpgl(text: str) -> Drawn:
    drawn = Drawn()
    for command in filter(None, (part.strip() for part in text.split(";"))):
        name, numbers = command[:2], [int(n) for n in command[2:].split(",") if n]
        if name == "SP":
            assert not drawn.down, "a pen is changed while it is down"
            drawn.pen = numbers[0]
        elif name == "PU":
            drawn.down = False
        elif name == "PD" and not drawn.down:
            drawn.lower()
        for x, y in zip(numbers[::2], numbers[1::2], strict=True) if name in ("PU", "PD") else ():
            drawn.move(x, y)
    return drawn


def wanted(plan: PlotPlan) -> list[np.ndarray]:
    return [stroke for layer in plan.layers for stroke in layer.strokes]


@pytest.mark.parametrize("profile", ["servo", "grbl-z"])
@pytest.mark.parametrize("landscape", [False, True])
def test_gcode(profile: str, landscape: bool) -> None:
    plan = plan_page(
        [SCRIBBLE], page=PlotPage("A5", landscape), pens=PENS, pen_of=[[k % 2 for k in range(len(SCRIBBLE))]]
    )
    text = plan_to_codes(plan, load_profile(profile))
    drawn = read_gcode(text)
    assert len(drawn.lines) == len(wanted(plan))
    for line, stroke in zip(drawn.lines, wanted(plan), strict=True):
        expected = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
        np.testing.assert_allclose(line, expected * (1, -1) + (0, plan.height_mm), atol=0.0006)
    points = np.concatenate([np.array(line) for line in drawn.lines])
    assert (points >= 0).all()
    assert (points <= (plan.width_mm, plan.height_mm)).all()
    assert (drawn.down, drawn.at, drawn.pauses) == (False, (0.0, 0.0), 1)
    assert text.splitlines()[-1] == "M2"


@pytest.mark.parametrize("paper", ["A4", "A3", "letter", "tabloid"])
def test_hpgl(paper: str) -> None:
    profile = load_profile("hp7475a")
    pen_of = [[k % 3 for k in range(len(SCRIBBLE))]]
    plan = plan_page([SCRIBBLE], page=PlotPage(paper, margin_mm=20), pens=PENS, pen_of=pen_of)
    drawn = read_hpgl(plan_to_codes(plan, profile))
    assert len(drawn.lines) == len(wanted(plan))
    place = next(
        p
        for p in profile.papers
        if max(p.size_mm) == pytest.approx(max(plan.width_mm, plan.height_mm), abs=1)
    )
    for line, stroke in zip(drawn.lines, wanted(plan), strict=True):
        x, y = stroke.T
        if plan.height_mm > plan.width_mm:
            x, y = y, plan.width_mm - x
        y = min(plan.width_mm, plan.height_mm) - y
        points = (np.stack([x, y], axis=1) - place.zero_mm) * profile.units_per_mm
        expected = points if len(points) > 1 else np.repeat(points, 2, axis=0)
        np.testing.assert_allclose(line, expected, atol=0.5)
    points = np.concatenate([np.array(line) for line in drawn.lines])
    assert (points >= 0).all()
    assert (points <= place.reach).all()
    assert (drawn.down, drawn.at, drawn.pen) == (False, (0, 0), 0)
    assert drawn.pens == [k + 1 for k, layer in enumerate(plan.layers) for _ in layer.strokes]


def test_what_the_machine_cannot_do_is_refused() -> None:
    profile = load_profile("hp7475a")
    with pytest.raises(LimnerError, match=r"takes no paper of 148 x 105 mm|takes no paper of 105"):
        plan_to_codes(plan_page([SCRIBBLE], page=PlotPage("A6")), profile)
    with pytest.raises(LimnerError, match="widen the margin"):
        plan_to_codes(plan_page([SCRIBBLE], page=PlotPage("A4", margin_mm=1)), profile)
    many = plan_page([SCRIBBLE], pens=PENS, pen_of=[[k % 8 for k in range(len(SCRIBBLE))]])
    with pytest.raises(LimnerError, match="holds 6 pens, and the page has 8"):
        plan_to_codes(many, profile)


def test_a_slower_pen_is_slower() -> None:
    pens = [parse_pen("black"), parse_pen("red+S50")]
    plan = plan_page([SCRIBBLE], pens=pens, pen_of=[[k % 2 for k in range(len(SCRIBBLE))]])
    text = plan_to_codes(plan, load_profile("servo"))
    assert {"F3000", "F1500"} == set(re.findall(r"F\d+", text))


def test_names_cannot_end_a_comment() -> None:
    plan = plan_page([SCRIBBLE], title="a) G0 X9\n(b")
    assert plan_to_codes(plan, load_profile("servo")).splitlines()[0] == "(a G0 X9 b)"


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    """It changes one of limner's, or is written from nothing."""
    path = tmp_path / "mine.toml"
    path.write_text('extends = "servo"\ndigits = 1\n[words]\nup = "M5\\n"\n', encoding="utf-8")
    text = plan_to_codes(plan_page([SCRIBBLE]), load_profile(path))
    assert "M3 S300" not in text
    assert text.count("M5\n") >= len(SCRIBBLE)
    assert not re.search(r"X\d+\.\d\d", text)
    own = '[stroke]\nbegin = "up {x} {y} down\\n"\npoint = "to {x} {y}\\n"\n[document]\nend = "home\\n"\n'
    path.write_text(f"units_per_mm = 10\ndigits = 0\ny_up = false\n{own}", encoding="utf-8")
    plan = plan_page([SCRIBBLE])
    rows = plan_to_codes(plan, load_profile(path)).splitlines()
    assert rows[-1] == "home"
    x, y = plan.layers[0].strokes[0][0] * 10
    assert rows[0] == f"up {x:.0f} {y:.0f} down"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = ", "no TOML"), ('extends = "serv"', "extends is one of"), ("digit = 2", "'digit'; .*digits"),
        ("digits = 9", "digits from 0 to 6"), ('[stroke]\nbegin = "{q}"', "no field 'q'"),
        ('[stroke]\nbegin = "{x:5}"', "takes no format"), ('[stroke]\nbegin = "{x"', "cannot be read"),
        ('[stroke]\nbegin = "{x.real}"', "no field 'x.real'"), ('[document]\nbegin = "{x}"', "no field 'x'"),
        ("words = 3", "table of texts"), ("papers = 3", "array of tables"),
        ('[stroke]\npoint = ""', "nothing would"),
        ("[motion]\nlift_s = 0", "lift_s"), ("[motion]\nlift = 1", "'lift'"),
    ],
)  # fmt: skip
def test_a_profile_that_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LimnerError, match=why) as found:
        load_profile(path)
    assert "mine.toml" in str(found.value)


def test_profiles_by_name() -> None:
    assert [load_profile(name).name for name in SHIPPED] == ["servo", "GRBL with Z", "HP 7475A"]
    with pytest.raises(LimnerError, match=r"no plotter profile 'servos'.*servo"):
        load_profile("servos")
    with pytest.raises(LimnerError, match=r"nowhere\.toml"):
        load_profile("nowhere.toml")
