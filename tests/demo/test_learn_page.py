"""The head of the page: what will happen, in one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from limner.demo.learn_page import ORDER, STAGES, new_page
from limner.demo.learn_record import LearnRecord
from limner.demo.material import find_material

RECORD = LearnRecord(("/a",), ("a",), "svg", "", 0, 10.0)


def test_it_says_what_will_happen(svgs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which preset, as far as the number of drawings is known before they are read."""
    monkeypatch.setattr("limner.training.suggestion.shipped_names", lambda: ["doodles", "sketches"])
    files, corpus = find_material([svgs]), find_material(["doodles"])
    assert new_page(tmp_path, files, RECORD).text == (
        f"From 5 .svg files in {svgs}: made ready by the recipe svg, then learned for at most 10 minutes, by "
        "the preset hand."
    )
    text = new_page(tmp_path, corpus, replace(RECORD, minutes=1.0)).text
    assert text.endswith(
        "taken as they are, then learned for at most 1 minute, by the preset hand (or fast, if there are "
        "more than 1,000 drawings)."
    )
    assert new_page(tmp_path, corpus, replace(RECORD, preset="fast")).text.endswith("by the preset fast.")


def test_the_page_is_not_written_yet(svgs: Path, tmp_path: Path) -> None:
    page = new_page(tmp_path / "mine", find_material([svgs]), RECORD)
    assert (page.path, page.title) == (tmp_path / "mine" / "index.html", "A hand, learned from svgs")
    assert [stage.name for stage in page.stages] == list(STAGES)
    assert len(set(ORDER)) == len(ORDER)
    assert not page.path.exists()
