"""What a training can be started with, and the command that starts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from limner.corpus.source import DOODLES
from limner.errors import LimnerError
from limner.files import whole_place
from limner.settings import did_you_mean, from_dict
from limner.studio.context import StudioContext
from limner.studio.corpora import trainable_corpora
from limner.studio.keep.folder import files_in
from limner.studio.runs.schemas import CorpusChoice, PresetChoice, TrainingPlan
from limner.training import presets, run_folder
from limner.training.config import RunConfig

OPTIONS = {
    "conditional": "model.conditional",
    "latent_size": "model.latent_size",
    "encoder_size": "model.encoder.size",
    "decoder_size": "model.decoder.size",
    "batch_size": "train.batch_size",
    "learning_rate": "train.learning_rate",
    "validate_every": "train.validate_every",
    "log_every": "train.log_every",
}
"""Full names of the settings that a plan may change."""


def corpora_by_name(context: StudioContext) -> dict[str, Path | str]:
    """Return the corpora that can be trained on: the kept ones, the studio's, the doodles."""
    corpus_source = context.library.corpus_source
    corpora: dict[str, Path | str] = dict(trainable_corpora(context.folders.kept))
    if corpus_source.name is not None and corpus_source.title is not None:
        corpora[corpus_source.title] = whole_place(corpus_source.name)
    return corpora | {DOODLES: DOODLES}


def initial_models(context: StudioContext) -> dict[str, str]:
    """Return the models that weights can be initialised from: their files by name."""
    library = context.library
    return {entry.id: str(whole_place(entry.origin)) for entry in library if entry.origin is not None}


def corpus_choices(context: StudioContext) -> list[CorpusChoice]:
    """Return the corpora, with their numbers of drawings where counting is quick."""
    return [CorpusChoice(name=name, drawings=_count(path)) for name, path in corpora_by_name(context).items()]


def preset_choices() -> list[PresetChoice]:
    """Return the presets with their main settings."""
    descriptions = _descriptions()
    return [
        PresetChoice(
            name=name,
            about=descriptions.get(name, ""),
            kind=config.model.kind,
            max_steps=config.max_steps,
            **{field: _value(config, option) for field, option in OPTIONS.items()},
        )
        for name, config in presets.PRESETS.items()
    ]


def train_command(
    plan: TrainingPlan, corpus: Path | str, run: Path, init_from: str | None = None
) -> list[str]:
    """Return the arguments of ``limner`` that start a training.

    Parameters
    ----------
    plan : TrainingPlan
    corpus : Path or str
        Training data.
    run : Path
        The run folder.
    init_from : str, optional
        Model from which the weights are initialised.

    Raises
    ------
    LimnerError
        If there is no such preset, it refuses the settings, or sizes of the network are changed although
        ``init_from`` determines them.
    """
    if plan.preset not in presets.PRESETS:
        raise LimnerError(f"There is no preset {plan.preset!r}; {did_you_mean(plan.preset, presets.PRESETS)}")
    chosen = {option: getattr(plan, field) for field, option in OPTIONS.items()}
    chosen = {option: value for option, value in chosen.items() if value is not None}
    _check_settings(plan.preset, chosen)
    if init_from is not None and any(option.startswith("model.") for option in chosen):
        raise LimnerError("A model to begin with brings its own network; leave the network's sizes alone.")
    arguments = ["train", str(corpus), "--out", str(run), "--preset", plan.preset, "--seed", str(plan.seed)]
    arguments += [] if plan.max_steps is None else ["--max-steps", str(plan.max_steps)]
    arguments += [] if init_from is None else ["--train.init-from", init_from]
    for option, value in chosen.items():
        arguments += [f"--{option.replace('_', '-')}", str(value)]
    return arguments


def resume_command(run: Path, context: StudioContext, max_steps: int | None) -> list[str]:
    """Return the arguments of ``limner`` that resume a training.

    Parameters
    ----------
    run : Path
        The run folder. Its settings are untrusted: no value in them becomes an option.
    context : StudioContext
    max_steps : int, optional

    Raises
    ------
    LimnerError
        If a corpus that its settings name does not exist.
    """
    arguments = ["train", *(_known_corpus(name, context) for name in run_folder.corpora_of(run))]
    arguments += ["--out", str(run), "--resume"]
    return arguments + ([] if max_steps is None else ["--max-steps", str(max_steps)])


def _known_corpus(name: str, context: StudioContext) -> str:
    """Return a known corpus, or the absolute path of one; neither can be taken for an option."""
    known = corpora_by_name(context)
    if name in known:
        return str(known[name])
    try:
        path = whole_place(name)
    except OSError:  # a name that no file can have
        path = ""
    if not Path(path).is_absolute():  # of an absolute path, the training reports why it cannot be read
        shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
        raise LimnerError(f"The corpus {shown!r} that this run has learnt from is not there any more.")
    return str(path)


def _check_settings(preset: str, chosen: dict[str, object]) -> None:
    values: dict[str, object] = {}
    for option, value in chosen.items():
        *tables, name = option.split(".")
        inner = values
        for table in tables:
            inner = inner.setdefault(table, {})  # type: ignore[assignment]
        inner[name] = value
    from_dict(RunConfig, values, where=f"The preset {preset}", base=presets.PRESETS[preset])


def _value(config: RunConfig, option: str) -> Any:
    value: Any = config
    for name in option.split("."):
        value = getattr(value, name)
    return value


def _descriptions() -> dict[str, str]:
    """Return the descriptions of the presets from their module's docstring: name, and indented sentences."""
    return {name: " ".join(text.split()) for name, text in _paragraphs(presets.__doc__ or "")}


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"^``([\w-]+)``\n((?: {4}.*\n)+)", text, re.MULTILINE):
        yield match[1], match[2].replace("``", "")


def _count(path: Path | str) -> int | None:
    return len(files_in(path)) if isinstance(path, Path) and path.is_dir() else None
