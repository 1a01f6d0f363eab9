"""What cannot be trained is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from limner.corpus.corpus import Corpus
from limner.errors import LimnerError
from limner.models.config import DecoderConfig, ModelConfig, SketchformerConfig, TransformerConfig
from limner.training.config import RunConfig
from limner.training.data import training_data
from limner.training.network_checks import check_memory
from limner.training.resolve import resolve_settings
from limner.training.run import train


def test_a_network_that_no_machine_can_train() -> None:
    with pytest.raises(LimnerError, match=r"GB to be trained, and this machine has .*; choose smaller sizes"):
        check_memory(ModelConfig(decoder=DecoderConfig(size=65_536)))
    check_memory(ModelConfig())


@pytest.mark.parametrize("kind", ["transformer", "sketchformer"])
def test_positions_for_all_points_and_the_end(kind: str, toys: Corpus) -> None:
    def resolve(longest: int, **changes: str) -> None:
        model = ModelConfig(
            kind=kind,
            transformer=TransformerConfig(positions="learned", longest=longest),
            sketchformer=SketchformerConfig(positions="learned", longest=longest),
        )
        model = replace(model, **changes)  # type: ignore[arg-type]
        resolve_settings(RunConfig(model=model), training_data(toys))

    n_max = toys.n_max
    resolve(n_max + 1)
    words = rf"has {n_max} points.*set --model\.{kind}\.longest to {n_max + 1} or more"
    with pytest.raises(LimnerError, match=words):
        resolve(n_max)
    resolve(n_max, kind="sketch_rnn")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (
            ModelConfig(kind="transformer", transformer=TransformerConfig(positions="learned", longest=1)),
            "longest",
        ),
        (ModelConfig(classes=3), "leave model.classes alone"),
        (ModelConfig(decoder=DecoderConfig(size=65_536)), "smaller sizes"),
    ],
)
def test_no_folder_is_left_behind(model: ModelConfig, words: str, toys: Corpus, tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match=words):
        train(toys, tmp_path / "run", RunConfig(model=model))
    assert list(tmp_path.iterdir()) == []
