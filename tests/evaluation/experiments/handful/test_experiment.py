"""The experiment in miniature: two hands, from corpus to report, and what is finished is not done again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.experiments.conftest import InkGrid

from limner.corpus.corpus import Split
from limner.corpus.doodles.make import make_doodles
from limner.evaluation.experiments.handful.experiment import HANDFUL, Handful
from limner.evaluation.experiments.handful.hands import Hand
from limner.evaluation.experiments.handful.judging import Judging
from limner.evaluation.experiments.handful.starts import Start
from limner.evaluation.experiments.handful.trainings import TRAINED
from limner.evaluation.experiments.run import Budget

SMALL: dict[str, Any] = {
    "model": {"conditional": False, "decoder": {"size": 8, "components": 2}},
    "train": {"batch_size": 4, "validate_every": 2},
}


def _toys(_data: Path | None, _cache: Path) -> list[Hand]:
    hands = []
    for k, kind in enumerate(("cup", "tree")):
        rows = [drawing.to_stroke3() for drawing in make_doodles(12, seed=k, kinds=(kind,))]
        whole = Split.from_arrays(rows)
        learned, judged = whole.take(range(8)), whole.take(range(8, 12))
        hands.append(Hand(kind, "toys", kind, learned, judged, seeds=(1, 2) if k else (1,)))
    return hands


def _miniature() -> Handful:
    starts = (
        Start("untrained", None, model="doodles"),
        Start("small", "fast", SMALL, remembers=True),
        Start("another", "no such preset"),
        Start("lacking", "fast", model="no such model"),
    )
    return replace(
        HANDFUL, read=_toys, starts=starts, judging=Judging(samples=4, temperatures=(0.4,), extractor=InkGrid)
    )


@pytest.mark.slow
@pytest.mark.parametrize("beside", [1, 2])
def test_in_miniature(beside: int, tmp_path: Path) -> None:
    said: list[str] = []
    budget = Budget(steps=2, minutes=1.0, beside=beside)
    options: dict[str, Any] = {
        "data": None,
        "budget": budget,
        "say": said.append,
        "command": "limner experiment handful",
    }
    claims = _miniature().conduct(tmp_path, **options)
    assert len(claims) == 3
    assert {claim.holds for claim in claims} == {None}
    assert (
        len(said) == 2 + 3 * 2 + 2
    )  # left out; three trainings, judged twice; two hands of a model as it is
    assert "no such preset" in said[0]
    assert "no such model" in said[1]
    page = (tmp_path / "handful" / "index.html").read_text()
    assert page.count("<img") == 2 * 4
    text = (tmp_path / "handful" / "report.md").read_text()
    assert "| toys | small | 3 |" in text
    assert "| toys | small, memory | 3 |" in text
    assert "| toys | real drawings | 2 |" in text
    marks = {path: path.stat().st_mtime_ns for path in tmp_path.rglob(TRAINED)}
    assert len(marks) == 3
    assert _miniature().conduct(tmp_path, **options) == claims
    assert {path: path.stat().st_mtime_ns for path in marks} == marks
