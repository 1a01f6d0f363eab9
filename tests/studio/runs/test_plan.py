"""Plans: what can be begun, and that the command says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from limner.cli import train
from limner.errors import LimnerError
from limner.models.weights import find_weights
from limner.sampling.model import load_model
from limner.strokes.drawing import Drawing
from limner.studio.context import StudioContext, StudioFolders
from limner.studio.corpora import add_drawings
from limner.studio.model_library import CorpusSource, ModelLibrary
from limner.studio.runs.plan import (
    OPTIONS,
    corpora_by_name,
    corpus_choices,
    initial_models,
    preset_choices,
    resume_command,
    train_command,
)
from limner.studio.runs.schemas import TrainingPlan
from limner.training.presets import PRESETS

LINE = Drawing.from_polylines(([[0, 0], [10, 5], [20, 0]],)).to_svg()


def plan(**facts: Any) -> TrainingPlan:
    return TrainingPlan(**{"name": "run", "corpus": "doodles", "preset": "fast", **facts})


def test_every_preset_is_offered_with_its_settings() -> None:
    offered = {preset.name: preset for preset in preset_choices()}
    assert list(offered) == list(PRESETS)
    assert offered["fast"].batch_size == PRESETS["fast"].train.batch_size
    assert offered["paper"].decoder_size == PRESETS["paper"].model.decoder.size
    assert all(preset.about.endswith(".") for preset in offered.values())


def test_corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are kept, the one given at start with its whole path, and the doodles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "given.npz").write_bytes(b"PK")
    add_drawings(tmp_path / "kept", "birds", [("a", LINE), ("b", LINE)], 10)
    context = StudioContext(ModelLibrary([], CorpusSource("given.npz")), StudioFolders(tmp_path / "kept"))
    try:
        assert corpora_by_name(context) == {
            "birds": tmp_path / "kept/corpora/birds",
            "given.npz": tmp_path / "given.npz",
            "doodles": "doodles",
        }
        assert [(choice.name, choice.drawings) for choice in corpus_choices(context)] == [
            ("birds", 2), ("given.npz", None), ("doodles", None),
        ]  # fmt: skip
    finally:
        context.close()


def test_the_command_says_what_is_planned() -> None:
    """As ``limner train`` itself understands it."""
    wanted = plan(
        max_steps=30, seed=7, batch_size=8, learning_rate=0.01, decoder_size=16, encoder_size=8,
        latent_size=4, conditional=False, validate_every=10, log_every=5,
    )  # fmt: skip
    verb, *words = train_command(wanted, "doodles", Path("/runs/run"))
    assert verb == "train"
    settings, _ = train._base(words)
    from limner.cli.arguments import parse

    default = train.TrainArguments(corpus=(), out=Path(), settings=settings)
    args = parse(train.TrainArguments, words, "train", default)
    assert (args.out, tuple(args.corpus), args.preset) == (Path("/runs/run"), ("doodles",), "fast")
    assert (args.settings.max_steps, args.settings.seed) == (30, 7)
    for field, option in OPTIONS.items():
        found: Any = args.settings
        for name in option.split("."):
            found = getattr(found, name)
        assert found == getattr(wanted, field), option


def test_models_to_begin_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the training can load again: a file by its whole path, what ships by its name."""
    monkeypatch.chdir(tmp_path)
    doodles = load_model("doodles")
    (tmp_path / "mine.safetensors").write_bytes(find_weights("doodles").read_bytes())
    library = ModelLibrary(["doodles"], CorpusSource(None))
    library.add("mine", doodles, "mine.safetensors")
    library.add("sent", doodles)
    context = StudioContext(library, StudioFolders(tmp_path / "kept"))
    try:
        assert initial_models(context) == {"doodles": "doodles", "mine": str(tmp_path / "mine.safetensors")}
    finally:
        context.close()


def test_the_command_names_the_model_to_begin_with() -> None:
    words = train_command(plan(batch_size=8), "doodles", Path("run"), "mine.safetensors")
    assert words[words.index("--train.init-from") + 1] == "mine.safetensors"
    with pytest.raises(LimnerError, match="brings its own network"):
        train_command(plan(decoder_size=8), "doodles", Path("run"), "mine.safetensors")


@pytest.mark.parametrize(
    "word", ["--licence", "--train.init-from=x", "-h", "nosuch", "--", "\x1b[31m", "a" * 500]
)
def test_words_of_a_strangers_settings_are_no_options(tmp_path: Path, word: str) -> None:
    """What is no corpus that is there is refused, in a sentence without control characters."""
    context = StudioContext(
        ModelLibrary(["doodles"], CorpusSource(None)), StudioFolders(tmp_path / "kept", tmp_path)
    )
    (tmp_path / "run").mkdir()
    (tmp_path / "run/config.toml").write_text(f"corpus = {json.dumps(['doodles', word])}")
    try:
        with pytest.raises(LimnerError, match="is not there any more") as refused:
            resume_command(tmp_path / "run", context, None)
    finally:
        context.close()
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


def test_corpora_to_go_on_with_are_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a file that is called like an option is none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "--licence").mkdir()
    context = StudioContext(
        ModelLibrary(["doodles"], CorpusSource(None)), StudioFolders(tmp_path / "kept", tmp_path)
    )
    (tmp_path / "run").mkdir()
    (tmp_path / "run/config.toml").write_text('corpus = ["doodles", "--licence"]')
    try:
        words = resume_command(tmp_path / "run", context, 7)
    finally:
        context.close()
    assert words[:3] == ["train", "doodles", str(tmp_path / "--licence")]
    assert words[3:] == ["--out", str(tmp_path / "run"), "--resume", "--max-steps", "7"]


def test_what_is_not_said_stays_with_the_preset() -> None:
    words = train_command(plan(), "doodles", Path("run"))
    assert words == ["train", "doodles", "--out", "run", "--preset", "fast", "--seed", "0"]


def test_presets_that_are_not_there_and_settings_that_do_not_fit() -> None:
    with pytest.raises(LimnerError, match="did you mean 'fast'"):
        train_command(plan(preset="fst"), "doodles", Path("run"))


@pytest.mark.parametrize("name", ["", ".x", "a/b", "..", "-x", "a b", "x" * 65])
def test_names_of_runs_are_plain(name: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        plan(name=name)
