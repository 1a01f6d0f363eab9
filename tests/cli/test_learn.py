"""``limner learn``: one command for an artist."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

import limner.demo.learn as learning
from limner.cli.verbs import VERBS
from limner.demo.learn_exhibits import next_exhibit
from limner.demo.learn_record import LearnOutcome
from limner.render.style import Style

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

OUTCOME = LearnOutcome(
    "mine/index.html", "mine/run", "c", 2, {}, 2, "svg", "fast", 0.5, 6, 4, interrupted=False
)


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what reaches the function, which learns nothing."""
    seen: list[dict[str, Any]] = []

    def learn(sources: object, out: object, **options: Any) -> LearnOutcome:
        seen.append({"sources": sources, "out": out, **options})
        options["say"]("A sentence.")
        return OUTCOME

    monkeypatch.setattr(learning, "learn", learn)
    return seen


def test_arguments_reach_the_function(limner: Limner, learned: list[dict[str, Any]]) -> None:
    said = limner(
        "learn", "a", "b", "--minutes", "2.5", "--recipe", "quickdraw", "--preset", "fast", "--smooth"
    )
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == ["A sentence.", "Open mine/index.html. The model is mine/run."]
    (seen,) = learned
    assert (seen["sources"], seen["out"], seen["minutes"]) == (("a", "b"), Path("mine"), 2.5)
    assert (seen["recipe"], seen["preset"], seen["seed"]) == ("quickdraw", "fast", 0)
    assert (seen["style"], seen["quiet"]) == (Style(smooth=True), False)


def test_figures_alone_on_stdout(limner: Limner, learned: list[dict[str, Any]]) -> None:
    said = limner("learn", "a", "--json")
    assert said.json["run"] == "mine/run"
    assert said.err == "A sentence.\n"
    assert learned[0]["quiet"]


def test_what_cannot_be_learnt_from(refused: Refused, tmp_path: Path, svg: Path) -> None:
    refused("learn", code=2, names="DRAWINGS are missing")
    refused("learn", svg, "--minutes", "0", code=2, names="0")
    refused("learn", "nosuch", names="nosuch does not exist")
    for folder in ("empty", "full"):
        (tmp_path / folder).mkdir()
    refused("learn", tmp_path / "empty", names="holds nothing to learn from")
    (tmp_path / "full" / "thesis.txt").write_text("all of it")
    refused("learn", svg, "--out", tmp_path / "full", names="is not empty, and nothing is learnt there")
    refused("learn", svg, "--recipe", "sketchbok", names="sketchbok")
    refused("learn", svg, "--preset", "hnad", names="did you mean 'hand'")


def test_what_turns_out_to_be_nothing(limner: Limner, tmp_path: Path, work: Path, svg: Path) -> None:
    """It says first what it will do, and leaves nothing."""
    (tmp_path / "blank").mkdir()
    Image.new("L", (60, 60), 255).save(tmp_path / "blank" / "page.png")
    for name, why in (
        (tmp_path / "blank", "None of 1 picture could be read. page.png"),
        (svg, "zigzag.svg gives one drawing"),
    ):
        said = limner("learn", name)
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert why in said.err
        assert said.out.startswith("From 1 ")
    assert list(work.iterdir()) == []


@pytest.mark.slow
def test_what_to_type_next_is_understood(
    limner: Limner, npz: Path, decoder_run: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verbs that a page names know all their options, and find what they name."""
    seen: list[str] = []
    monkeypatch.setattr("limner.studio.serve.serve", lambda *_, **__: seen.append("studio"))
    (work / "run").symlink_to(decoder_run)
    for command in next_exhibit(Path(), npz, ("drawings",), longer=5).commands:
        words = shlex.split(command.line)
        assert words[0] == "limner"
        assert words[1] in VERBS
        if words[1] != "train":  # it would go on
            assert limner(*words[1:]).code == 0, command.line
    assert seen == ["studio"]
    assert {path.name for path in work.iterdir()} == {"run", "more.svg", "film.gif", "ways.svg", "page.svg"}
