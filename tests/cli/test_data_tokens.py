"""``limner data tokens``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limner.training.vocabulary_file import load_tokenizer

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

ERRORS = ("mean", "p95", "mean_relative", "p95_relative")


@pytest.mark.parametrize(
    ("preset", "sizes", "words"),
    [("sketchformer", ["50"], 50), ("slml", ["40", "9"], 49), ("grid", ["12"], 144)],
)
def test_makes_words_and_says_what_is_lost(
    limner: Limner, npz: Path, preset: str, sizes: list[str], words: int
) -> None:
    asked = ("--preset", preset, "--sizes", *sizes, "--seed", "3")
    found = limner("data", "tokens", npz, "--out", "t.safetensors", *asked, "--json").json
    made = load_tokenizer("t.safetensors")
    assert (found["words"], found["vocabulary"]) == (words, words + 4)
    assert (made.settings.tokens, made.settings.seed) == (words, 3)
    assert found["scale"] == made.scale
    assert found["split"] == "test"
    assert found["drawings"] == 5
    assert all(found[name] > 0 for name in ERRORS)
    assert found["mean"] <= found["p95"]


def test_says_it_to_people_too(limner: Limner, npz: Path) -> None:
    said = limner("data", "tokens", npz, "--out", "t.safetensors", "--sizes", "60", "--tolerance", "2")
    assert said.code == 0
    assert "60 tokens and 4 others in t.safetensors, of the train split" in said.out
    assert "error (p95)" in said.out
    assert load_tokenizer("t.safetensors").settings.tolerance == 2


@pytest.mark.slow
def test_a_network_can_be_trained_with_them(limner: Limner, npz: Path) -> None:
    assert limner("data", "tokens", npz, "--out", "t.safetensors", "--sizes", "20").code == 0
    small = [
        part
        for name in ("layers", "width", "heads", "feedforward")
        for part in (f"--model.sketchformer.{name}", "1")
    ]
    said = limner(
        *(
            "train",
            npz,
            "--out",
            "run",
            "--model.kind",
            "sketchformer",
            "--train.vocabulary",
            "t.safetensors",
        ),
        *(*small, "--max-steps", "2", "--train.batch-size", "4", "--train.convention", "end-once"),
    )
    assert said.code == 0, said.err
    assert limner("sample", "run", "--max-points", "9").code == 0


def test_refusals(refused: Refused, npz: Path) -> None:
    line = ("data", "tokens", npz, "--out", "t.safetensors")
    refused("data", "tokens", "--out", "t.safetensors", names="CORPUS is missing", code=2)
    refused("data", "tokens", npz, "--out", "t.pkl", names="must end in .safetensors", code=2)
    refused(*line, "--preset", "slml", "--sizes", "9", names="takes 2, not 1", code=2)
    refused(*line, "--sizes", "0", names="--sizes", code=2)
    refused("data", "tokens", "none.npz", "--out", "t.safetensors", names="none.npz")
    train = ("train", npz, "--out", "run", "--train.vocabulary")
    refused(*train, "none.safetensors", "--model.kind", "sketchformer", names="none.safetensors")
