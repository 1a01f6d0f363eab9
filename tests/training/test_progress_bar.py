"""Lines in place of a bar, where stderr is no terminal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch

from limner.training import progress_bar
from limner.training.clock import Clock
from limner.training.progress_bar import ProgressBar, ProgressLines, SilentProgress, duration, make_reporter


def test_without_a_terminal_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(make_reporter(Clock()), ProgressLines)
    assert isinstance(make_reporter(Clock(), quiet=True), SilentProgress)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes it for a terminal
    assert isinstance(make_reporter(Clock()), ProgressBar)


class _Clock(Clock):
    now = 0.0

    @property
    def elapsed(self) -> float:
        return self.now


def _told(clock: _Clock, times: list[float]) -> None:
    """Let a training of 100 steps make one step at each time."""
    lines = ProgressLines(clock)
    trainer: Any = SimpleNamespace(global_step=0, max_steps=100, is_global_zero=True)
    lines.on_train_start(trainer, cast(Any, None))
    for time in times:
        clock.now, trainer.global_step = time, trainer.global_step + 1
        lines.on_train_batch_end(trainer, cast(Any, None), {"loss": torch.tensor(0.5)}, None, 0)


def test_lines_come_now_and_then_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    _told(_Clock(), [1.0, 6.0, 7.0, 35.0, 37.0, 50.0])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "training: step 2 of 100, loss 0.5000, 5 min left",
        "training: step 5 of 100, loss 0.5000, 12 min left",
    ]


def test_the_time_limit_counts(capsys: pytest.CaptureFixture[str]) -> None:
    _told(_Clock(seconds=60.0), [20.0])
    assert capsys.readouterr().err == "training: step 1 of 100, loss 0.5000, 40 s left\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3.0, "0 s"), (40.4, "40 s"), (720.0, "12 min"), (12_000.0, "3 h 20 min"), (3_600.0, "1 h 00 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_sentence_before_the_bar_is_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressBar(console_kwargs={"stderr": True}).message("8 drawings [1]")
    assert capsys.readouterr().err == "8 drawings [1]\n"


def test_clock() -> None:
    assert Clock().share == Clock(10.0).share == Clock(10.0).elapsed == 0.0
    assert Clock(0.0).share == 1.0
    assert Clock(0.0, fitted=False).share == 0.0
    assert progress_bar.FIRST_SECONDS < progress_bar.LINE_SECONDS
