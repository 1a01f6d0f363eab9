"""``--weights best|last``: every verb that takes a model takes both of a run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limner.sampling.model import load_model

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

VERBS = {
    "sample": ("--out", "x.svg"),
    "reconstruct": ("-n", "1", "--out", "x.svg"),
    "interpolate": ("--steps", "2", "--out", "x.svg"),
    "complete": ("-n", "1", "--out", "x.svg"),
    "evaluate": ("--json",),
    "export": ("--to", "sketch-rnn-js", "--out", "x.json"),
}


@pytest.fixture
def two(run: Path, decoder_run: Path, work: Path) -> Path:
    """Return a run whose last weights are those of another, so that it can be seen which are taken."""
    shutil.copytree(run, work / "two")
    shutil.copy(decoder_run / "model.safetensors", work / "two/last.safetensors")
    return work / "two"


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_best_and_last(limner: Limner, two: Path, work: Path, verb: str) -> None:
    assert limner(verb, two, "--weights", "best", *VERBS[verb]).code == 0
    said = limner(verb, two, "--weights", "last", *VERBS[verb])
    if verb in ("reconstruct", "interpolate"):
        assert (said.code, "decoder alone" in said.err) == (1, True)
    else:
        assert said.code == 0
        first, again = _result(work, said.out), _result(work, limner(verb, two, *VERBS[verb]).out)
        assert first != again


def _result(work: Path, out: str) -> str:
    files = [path for path in (work / "x.svg", work / "x.json") if path.is_file()]
    return files[0].read_text() if files else out


@pytest.mark.parametrize("verb", VERBS)
def test_a_shipped_model_has_no_last_weights(refused: Refused, verb: str) -> None:
    refused(verb, "doodles", "--weights", "last", *VERBS[verb], names="only a run folder has last")


def test_a_run_without_last_weights(refused: Refused, two: Path) -> None:
    (two / "last.safetensors").unlink()
    refused("sample", "two", "--weights", "last", names="holds no last.safetensors")


def test_other_words(refused: Refused, two: Path) -> None:
    refused("sample", two, "--weights", "lst", names="weights", code=2)


def test_in_python(two: Path) -> None:
    assert load_model(two).conditional
    assert load_model(two, weights="best").conditional
    assert not load_model(two, weights="last").conditional
