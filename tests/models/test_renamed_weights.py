"""Files and checkpoints that earlier versions wrote are read."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import ModelConfig, SketchformerConfig, TransformerConfig
from limner.models.renamed_weights import RENAMED_WEIGHTS, with_current_names
from limner.models.weights import HEADER_KEY, SHIPPED, Card, load_weights, save_weights
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

SIZES: Any = {"layers": 1, "width": 8, "heads": 2, "feedforward": 8, "components": 2}
CONFIGS = {
    "tokens": ModelConfig(
        kind="sketchformer", latent_size=4, classes=2,
        sketchformer=SketchformerConfig(
            **SIZES, tokens="by-state", token_count=9, lift_count=3, num_classes_recognized=3
        ),
    ),
    "numbers": ModelConfig(
        kind="sketchformer", latent_size=4,
        sketchformer=SketchformerConfig(**SIZES, variational=True, positions="learned"),
    ),
    "transformer": ModelConfig(kind="transformer", latent_size=4, transformer=TransformerConfig(**SIZES)),
}  # fmt: skip
OLD_NAMES: dict[str, set[str]] = {
    "tokens": {
        "speech.vocabulary.centres", "speech.vocabulary.log_spreads", "speech.saying.lean",
        "speech.saying.output.weight", "points.embed.word.weight", "points.embed.state.weight",
        "stack.blocks.0.inside.3.bias", "stack.blocks.0.looking.query.weight", "stack.blocks.0.bring.bias",
        "stack.last.weight", "memory.spread.weight", "memory.classes.weight",
        "encoder.points.embed.word.weight", "encoder.stack.blocks.0.inside.0.weight",
        "encoder.stack.last.bias", "embeddings.count", "embeddings.mean", "embeddings.square",
        "classifier.1.weight",
    },
    "numbers": {"speech.output.weight", "speech.output.bias", "points.learned.weight", "encoder.presig.bias"},
    "transformer": {"z_to_place.weight", "encoder.stack.last.weight", "stack.blocks.0.inside.0.bias"},
}  # fmt: skip
"""Some of the names that these networks' weights had in earlier files."""
PARTS = {
    r"^codec\.head\.joint_bias": "speech.saying.lean",
    r"^codec\.head\.": "speech.saying.",
    r"^codec\.vocabulary\.log_sigmas": "speech.vocabulary.log_spreads",
    r"^codec\.": "speech.",
    r"points\.embed\.token\.": "points.embed.word.",
    r"\.feedforward\.": ".inside.",
    r"\.cross_attention\.": ".looking.",
    r"\.cross_project\.": ".bring.",
    r"stack\.norm\.": "stack.last.",
    r"^memory\.project\.": "memory.spread.",
    r"^embedding_prior\.": "embeddings.",
    r"^z_to_prefix\.": "z_to_place.",
}


def _old(name: str) -> str:
    for now, before in PARTS.items():
        name = re.sub(now, before, name)
    return name


@pytest.mark.parametrize("name", CONFIGS)
def test_files_with_old_names_are_read(name: str, tmp_path: Path) -> None:
    network = build_model(CONFIGS[name]).eval()
    card = Card(CONFIGS[name], 20.0, 40, 200.0, (0.0, 0.0), 30.0, 1.0, ("a", "b"))
    save_weights(network, card, tmp_path / "new.safetensors")
    with safe_open(tmp_path / "new.safetensors", "pt") as file:
        header = file.metadata()
    weights = {_old(key): value.contiguous() for key, value in network.state_dict().items()}
    assert set(weights) >= OLD_NAMES[name]
    assert len(weights) == len(network.state_dict())
    config = json.loads(header[HEADER_KEY])
    del config["config"]["options"]
    save_file(weights, tmp_path / "old.safetensors", {HEADER_KEY: json.dumps(config)})
    found, _ = load_weights(tmp_path / "old.safetensors")
    batch = pad_batch([torch.randn(5, 3).numpy()], labels=[1])
    for a, b in zip(found(batch).mixture, network(batch).mixture, strict=True):
        assert torch.equal(a, b)


def test_every_old_part_is_still_read() -> None:
    names = {name for config in CONFIGS.values() for name in build_model(config).state_dict()}
    old = {_old(name) for name in names}
    assert with_current_names(dict.fromkeys(sorted(old)), names).keys() == names
    for part in RENAMED_WEIGHTS:
        assert any(part in f"{name}." for name in old), part


def test_prefixes_and_names_that_are_expected_stay() -> None:
    weights = {"network.stack.last.bias": 1, "network.lean.inside.bias": 2, "elsewhere": 3}
    expected = {"network.stack.norm.bias", "network.lean.inside.bias"}
    assert with_current_names(weights, expected) == {
        "network.stack.norm.bias": 1, "network.lean.inside.bias": 2, "elsewhere": 3,
    }  # fmt: skip


@pytest.mark.slow
def test_a_run_with_old_names_is_resumed(tmp_path: Path) -> None:
    """Its checkpoint, with the moments of the optimizer, and what the guard keeps."""
    drawings = [drawing.to_stroke3() for drawing in make_doodles(12, seed=1)]
    corpus = Corpus({"train": Split.from_arrays(drawings[:8]), "valid": Split.from_arrays(drawings[8:])})
    training = TrainConfig(batch_size=4, validate_every=2, ema_decay=0.9)
    config = RunConfig(model=replace(CONFIGS["tokens"], classes=0), train=training, max_steps=2)
    train(corpus, tmp_path / "run", config, quiet=True)
    path = tmp_path / "run" / "last.ckpt"
    checkpoint = torch.load(path, weights_only=True)
    names = checkpoint["state_dict"]
    checkpoint["state_dict"] = {_old_in_module(name): value for name, value in names.items()}
    assert checkpoint["state_dict"].keys() != names.keys()
    torch.save(checkpoint, path)
    assert train(corpus, tmp_path / "run", replace(config, max_steps=4), resume=True, quiet=True).step == 4


def _old_in_module(name: str) -> str:
    part, _, rest = name.partition(".")
    return f"{part}.{_old(rest)}"


def test_shipped_models_and_those_at_hand_are_read() -> None:
    """``LIMNER_MODELS`` may name a folder of more weights, of any version."""
    folders = [SHIPPED, *(Path(name) for name in [os.environ.get("LIMNER_MODELS", "")] if name)]
    for path in (path for folder in folders for path in sorted(folder.glob("*.safetensors"))):
        network, card = load_weights(path)
        assert network.config == card.config
