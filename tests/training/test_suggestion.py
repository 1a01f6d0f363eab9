"""Which preset suits a corpus, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.models import weights
from limner.training import suggestion
from limner.training.presets import PRESETS
from limner.training.suggestion import suggest_preset, what_to_say


@pytest.fixture(params=[True, False], ids=["with a base", "without"])
def base(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether the base is installed."""
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    if request.param:
        (tmp_path / "sketches.safetensors").touch()
    return bool(request.param)


@pytest.mark.parametrize("drawings", [1, 20, 1000])
def test_few_drawings_begin_with_the_base(drawings: int, base: bool) -> None:
    assert suggest_preset(drawings) == suggest_preset(drawings, 10) == ("hand" if base else "fast")


@pytest.mark.parametrize(
    ("drawings", "minutes", "name"),
    [
        (1001, 10, "fast"),
        (5000, 240, "small-corpus"),
        (5000, None, "small-corpus"),
        (70_000, 30, "fast"),
        (70_000, 600, "magenta"),
        (70_000, None, "magenta"),
    ],
)
def test_more_drawings_and_more_time(drawings: int, minutes: float | None, name: str, base: bool) -> None:
    del base
    assert suggest_preset(drawings, minutes) == name
    assert name in PRESETS


def test_what_is_said(base: bool) -> None:
    few = str(what_to_say(PRESETS["fast"].train, 20, held_out=False))
    assert ("--preset hand" in few) is base
    over = str(what_to_say(PRESETS[suggestion.HAND].train, 1, held_out=False))
    assert over.startswith("1 drawing, over what sketches knows: ")
    assert what_to_say(PRESETS["fast"].train, 20_000, held_out=True) is None
    assert max(len(few), len(over)) < 300
