"""What a training can be begun with, and the command that begins it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from limner.corpus.source import DOODLES
from limner.errors import LimnerError
from limner.files import whole_place
from limner.settings import did_you_mean, from_dict
from limner.studio.context import House
from limner.studio.corpora import corpora_in
from limner.studio.keep.folder import files_in
from limner.studio.runs.shapes import CorpusChoice, Plan, Preset
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
"""The full names of the main settings."""


def corpora_of(house: House) -> dict[str, Path | str]:
    """Give by its name what can be learnt from: corpora that are kept, the one given at start, doodles."""
    books = house.shelf.books
    found: dict[str, Path | str] = dict(corpora_in(house.folders.kept))
    if books.name is not None and books.title is not None:
        found[books.title] = whole_place(books.name)
    return found | {DOODLES: DOODLES}


def starts_of(house: House) -> dict[str, str]:
    """Give the models that a training can begin with: where they were loaded from, by their names."""
    shelf = house.shelf
    return {one.id: str(whole_place(one.origin)) for one in shelf if one.origin is not None}


def corpus_choices(house: House) -> list[CorpusChoice]:
    """List the corpora, and how many drawings they hold where that is quickly known."""
    return [CorpusChoice(name=name, drawings=_count(place)) for name, place in corpora_of(house).items()]


def preset_choices() -> list[Preset]:
    """List the presets, with their main settings."""
    about = _about()
    return [
        Preset(
            name=name,
            about=about.get(name, ""),
            kind=config.model.kind,
            max_steps=config.max_steps,
            **{field: _value(config, option) for field, option in OPTIONS.items()},
        )
        for name, config in presets.PRESETS.items()
    ]


def command_for(plan: Plan, corpus: Path | str, run: Path, start: str | None = None) -> list[str]:
    """Give the command, without ``limner``, that begins a training.

    Parameters
    ----------
    plan : Plan
    corpus : Path or str
        What to learn from.
    run : Path
        The folder of the run.
    start : str, optional
        The model to begin with.

    Raises
    ------
    LimnerError
        If there is no such preset, it refuses the settings, or they are of a network and a model brings its
        own.
    """
    if plan.preset not in presets.PRESETS:
        raise LimnerError(f"There is no preset {plan.preset!r}; {did_you_mean(plan.preset, presets.PRESETS)}")
    chosen = {option: getattr(plan, field) for field, option in OPTIONS.items()}
    chosen = {option: value for option, value in chosen.items() if value is not None}
    _check(plan.preset, chosen)
    if start is not None and any(option.startswith("model.") for option in chosen):
        raise LimnerError("A model to begin with brings its own network; leave the network's sizes alone.")
    words = ["train", str(corpus), "--out", str(run), "--preset", plan.preset, "--seed", str(plan.seed)]
    words += [] if plan.max_steps is None else ["--max-steps", str(plan.max_steps)]
    words += [] if start is None else ["--train.init_from", start]
    for option, value in chosen.items():
        words += [f"--{option.replace('_', '-')}", str(value)]
    return words


def going_on(run: Path, house: House, max_steps: int | None) -> list[str]:
    """Return the command, without ``limner``, that goes on with a training.

    Parameters
    ----------
    run : Path
        The folder of the run. Its settings may be a stranger's: none of their words becomes an option.
    house : House
    max_steps : int, optional

    Raises
    ------
    LimnerError
        If the corpora that its settings name are not there.
    """
    words = ["train", *(_known_corpus(name, house) for name in run_folder.corpora_of(run))]
    words += ["--out", str(run), "--resume"]
    return words + ([] if max_steps is None else ["--max-steps", str(max_steps)])


def _known_corpus(name: str, house: House) -> str:
    """Return the whole path of a corpus, or a name that the studio knows: no option looks like these."""
    known = corpora_of(house)
    if name in known:
        return str(known[name])
    try:
        place = whole_place(name)
    except OSError:  # of a name that no file can have
        place = ""
    if not Path(place).is_absolute():  # of one that is, the training says why it cannot be read
        shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
        raise LimnerError(f"The corpus {shown!r} that this run has learnt from is not there any more.")
    return str(place)


def _check(preset: str, chosen: dict[str, object]) -> None:
    values: dict[str, object] = {}
    for option, value in chosen.items():
        *tables, name = option.split(".")
        inner = values
        for table in tables:
            inner = inner.setdefault(table, {})  # type: ignore[assignment]
        inner[name] = value
    from_dict(RunConfig, values, where=f"The preset {preset}", base=presets.PRESETS[preset])


def _value(config: RunConfig, option: str) -> Any:
    found: Any = config
    for name in option.split("."):
        found = getattr(found, name)
    return found


def _about() -> dict[str, str]:
    """Read what the presets say of themselves: ``name`` and, indented below it, sentences."""
    return {name: " ".join(text.split()) for name, text in _paragraphs(presets.__doc__ or "")}


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"^``([\w-]+)``\n((?: {4}.*\n)+)", text, re.MULTILINE):
        yield match[1], match[2].replace("``", "")


def _count(place: Path | str) -> int | None:
    return len(files_in(place)) if isinstance(place, Path) and place.is_dir() else None
