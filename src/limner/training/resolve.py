"""Settings resolved once, before anything is written.

What is asked for (a preset, files, options), the corpus, and what the training begins with together decide
the settings of a run. :func:`resolve_settings` is that decision as a pure function; the command line, Python
and the studio, which starts the command line, all go through it. Its result stands in ``config.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limner.corpus.small_corpus import defaults_for
from limner.errors import DataError, LimnerError
from limner.settings import from_dict
from limner.training.config import RunConfig
from limner.training.presets import find_preset

if TYPE_CHECKING:
    from limner.models.config import ModelConfig
    from limner.models.protocol import SketchModel
    from limner.models.sketchformer.tokenizer.tokenizer import TokenSettings
    from limner.training.data import TrainingData
    from limner.training.init_from import Initial

EMA_DECAY = 0.999
"""Decay of the average of the weights where no drawings are set aside to choose weights by.

One page to validate by tells nothing: on eight pages every rule kept step 250 of 3000, and later weights drew
nearer to all of them (docs/results.md, "Which weights to keep"). The average of the last ones stands in.
"""
DERIVED = {
    "model.classes": "train with --train.by-class True to tell the network those of the corpus",
    "model.sketchformer.num_classes_recognized": "--train.class-weight 0 keeps it from learning them",
}
"""Settings that follow from the corpus and are no options, and what there is to do instead."""


def settings_from(base: str | RunConfig, changes: Mapping[str, Any] | None = None) -> RunConfig:
    """Return settings with changes, before a corpus is known.

    Parameters
    ----------
    base : str or RunConfig
        Settings to start from, or the name of a preset (:data:`limner.training.presets.PRESETS`).
    changes : mapping, optional
        By the keys of a TOML file: ``{"max_steps": 100, "train": {"batch_size": 16}}``.

    Raises
    ------
    DataError
        If there is no such preset or setting (the nearest one is named), a value is refused, or a setting is
        one that follows from the corpus.
    """
    where = f"The preset {base}" if isinstance(base, str) else "The settings"
    start = find_preset(base) if isinstance(base, str) else base
    changes = changes or {}
    check_no_derived(changes, where)
    return from_dict(RunConfig, changes, where=where, base=start)


def resolve_settings(config: RunConfig, data: TrainingData, initial: Initial | None = None) -> RunConfig:
    """Resolve what the corpus and the beginning of the training decide; nothing is read or written.

    In this order: the network is that of the initial model, if there is one; a tokenizer brings the sizes of
    its vocabulary; the network gets as many classes as the corpus has; few drawings are varied strongly; and
    the weights are averaged where no drawings are set aside. What the settings say themselves stays, so that
    settings that are resolved already are returned as they are.

    Parameters
    ----------
    config : RunConfig
        What is asked for.
    data : TrainingData
    initial : Initial, optional
        What the training begins with; nothing for a run that is resumed.

    Raises
    ------
    LimnerError
        If the settings, the corpus and the beginning do not go together.
    """
    if initial is not None and initial.network is not None:
        config = replace(config, model=initial.network.config)
    if initial is not None and initial.tokenizer is not None:
        config = _with_vocabulary(config, initial.tokenizer.settings)
    if initial is not None:
        config = _told_as(config, initial)
    config = _with_classes(config, data)
    _check_positions(config.model, data.n_max)
    return _with_small_corpus_defaults(config, data)


def check_no_derived(values: Mapping[str, Any], where: str) -> None:
    """Refuse settings that follow from the corpus.

    Parameters
    ----------
    values : mapping
        Nested, as of a TOML file.
    where : str
        Where they come from, for the error.

    Raises
    ------
    DataError
        If there is one.
    """
    names = set(_full_names(values))
    for name, instead in DERIVED.items():
        if name in names:
            raise DataError(f"{where}: {name} follows from the corpus and is no setting; {instead}.")


def without_derived(config: RunConfig) -> RunConfig:
    """Return settings with those that follow from a corpus at their defaults."""
    plain = RunConfig().model
    own = replace(config.model.sketchformer, num_classes_recognized=plain.sketchformer.num_classes_recognized)
    return replace(config, model=replace(config.model, classes=plain.classes, sketchformer=own))


def _full_names(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _full_names(value, f"{prefix}{key}.")


def _with_vocabulary(config: RunConfig, tokens: TokenSettings) -> RunConfig:
    """Take scheme and sizes of a tokenized network from the tokenizer that ``train.vocabulary`` names."""
    try:
        model = _network_class(config.model).with_vocabulary(config.model, tokens)
    except ValueError as error:
        raise LimnerError("--train.vocabulary is for networks of --model.kind sketchformer.") from error
    return replace(config, model=model)


def _network_class(model: ModelConfig) -> type[SketchModel]:
    from limner.models.build import network_class  # loads torch, which --help does without

    return network_class(model.kind)


def _told_as(config: RunConfig, initial: Initial) -> RunConfig:
    """Tell the network classes where it adds its own to those of what it begins with."""
    train, network = config.train, initial.network
    if not train.add_classes or network is None:
        return config
    return replace(config, train=replace(train, by_class=network.config.classes > 0))


def _with_classes(config: RunConfig, data: TrainingData) -> RunConfig:
    """Set the classes of the network, as a condition or to recognize, to those of the corpus.

    A Sketchformer learns to recognize them wherever every drawing to learn from has one.
    """
    count, model = len(data.classes), config.model
    if model.classes and not config.train.by_class:
        raise LimnerError(
            f"The network is told {model.classes} classes apart, and the training tells it none; leave "
            "model.classes alone, and train with --train.by-class True to have as many as the corpus."
        )
    if config.train.by_class:
        _check_all_labelled(data)
        model = replace(model, classes=count)
    learns = config.train.class_weight > 0 and bool((data.train.labels >= 0).all())
    model = _network_class(model).fit_config(model, count if learns else 0)
    return replace(config, model=model)


def _check_all_labelled(data: TrainingData) -> None:
    for name, split in {"train": data.train, "valid": data.valid}.items():
        if missing := int((split.labels < 0).sum()):
            raise LimnerError(
                f"{missing} of {len(split)} drawings of the {name} split have no class; train without "
                "--train.by-class, or leave them out."
            )


def _check_positions(model: ModelConfig, n_max: int) -> None:
    """Refuse learned positions for fewer points than the longest drawing and its end."""
    rows = _network_class(model).max_rows(model)
    if rows is not None and rows <= n_max:
        section = model.kind if hasattr(model, model.kind) else "options"
        raise LimnerError(
            f"The longest drawing has {n_max} points, and model.{section}.longest is {rows}; "
            f"set --model.{section}.longest to {n_max + 1} or more."
        )


def _with_small_corpus_defaults(config: RunConfig, data: TrainingData) -> RunConfig:
    """Vary few drawings strongly, and average the weights where none are set aside."""
    train, defaults = config.train, defaults_for(data.drawings, config.train.hold_out)
    if train.vary_few and not train.vary.active:
        train = replace(train, vary=defaults.augmentation)
    if not data.held_out and train.ema_decay is None:
        train = replace(train, ema_decay=EMA_DECAY)
    return replace(config, train=train)
