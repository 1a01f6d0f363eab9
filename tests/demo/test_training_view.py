"""A training as a page shows it, from the files of its run."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.demo.growing_page import GrowingPage
from limner.demo.training_view import CURVE, GETTING_READY, TrainingView, time_left
from limner.sampling.model import Model
from limner.training.status import StatusFile

STAGES = ("Learning",)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "about to end"), (42.4, "42 seconds left"), (600, "10 minutes left"), (-3, "about to end")],
)
def test_time_left(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_a_training_from_its_beginning_to_its_end(
    tmp_path: Path, base: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("limner.demo.training_view.load_model", lambda *_, **__: base)
    page = GrowingPage(tmp_path / "index.html", "A title", "", stages=STAGES, order=(CURVE,))
    drawn: list[int] = []
    view = TrainingView(page, "Learning", tmp_path, 600, "A curve.", lambda _, step: drawn.append(step))
    view.look()  # there is nothing yet
    assert not page.path.exists()
    status = StatusFile(tmp_path)
    status.begin(0, 1000)
    view.look()
    assert page.stages[0].text == GETTING_READY
    (tmp_path / "metrics.csv").write_text("step,train_L_R,valid_L_R\n10,2,\n20,1,\n")
    view.look()
    assert page.stages[0].text == "Step 20; 10 minutes left."
    assert "A curve." in page.path.read_text()
    assert drawn == []
    status.validated(20, 20, 1.0, "nll")
    view.look()
    view.look()
    assert drawn == [20]  # once for a validation
    status.end("finished", "It is done.")
    before = page.path.read_bytes()
    view.look()
    assert page.path.read_bytes() == before
