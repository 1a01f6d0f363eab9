"""Load the drawings and corpora that a verb works on: named ones, or those that the model was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limner.cli.console import say_aside
from limner.corpus.corpus import Corpus
from limner.corpus.doodles.selection import select_doodles
from limner.corpus.load import load_corpora, load_corpus
from limner.corpus.select import is_svg_name, named_drawing, select_drawings, split_name
from limner.corpus.source import DOODLES
from limner.corpus.text import ignored_notes
from limner.errors import LimnerError
from limner.models.weights import shipped_names
from limner.strokes.drawing import Drawing
from limner.strokes.svg.skipped import Skipped
from limner.training.config import RunConfig
from limner.training.run_folder import CONFIG_NAME, corpora_of, read_settings

NAME_CORPUS = "name a corpus with --data."
GIVE_DRAWING = "give a drawing, such as begun.svg, or a corpus with --data."


def own_corpus(model: str, data: str | None, *, whole: bool = False, instead: str = NAME_CORPUS) -> Corpus:
    """Load the corpus ``data``, or what the model was trained on.

    Parameters
    ----------
    whole : bool
        Whether all drawings of ``data`` are for testing, if it has no splits.
    instead : str
        What to do where neither is known, for the error.

    Raises
    ------
    LimnerError
        If neither is known.
    """
    if data is not None:
        return load_corpus(data, share_out=not whole)
    path = Path(model)
    run = path if path.is_dir() else path.parent
    if path.exists() and (run / CONFIG_NAME).is_file():
        return _corpus_of(run)
    if not path.exists() and model == DOODLES:
        return load_corpus(DOODLES)
    if not path.exists() and model in shipped_names():
        raise LimnerError(f"The drawings that {model} was trained on do not come with limner; {instead}")
    raise LimnerError(f"{model} does not say what it was trained on; {instead}")


def _corpus_of(run: Path) -> Corpus:
    names = corpora_of(run)
    for name in names:
        if name != DOODLES and not Path(name).exists():
            raise LimnerError(f"{run} was trained on {name}, which is gone; name a corpus with --data.")
    settings = read_settings(run / CONFIG_NAME, RunConfig())
    return load_corpora(names, settings.train.hold_out, pen=settings.pen)


def noted_drawing(name: str) -> Drawing:
    """Load a named drawing, and print on stderr what was skipped in it if it is an SVG file."""
    skipped = Skipped()
    drawing = named_drawing(name, skipped)
    for note in ignored_notes(skipped):
        say_aside(f"{name}: {note}")
    return drawing


def all_drawings(names: Sequence[str], most: int) -> list[Drawing]:
    """Load the named drawings and the first ones of the named corpora, at most ``most`` in all."""
    found: list[Drawing] = []
    for name in names:
        if "#" in name or is_svg_name(name):
            found.append(noted_drawing(name))
        else:
            corpus = load_corpus(name)
            split = split_name(corpus, None)
            left = range(min(most - len(found), len(corpus.splits[split])))
            found += [corpus.drawing(split, i) for i in left]
    return found[:most]


def chosen_drawings(
    model: str, names: Sequence[str], data: str | None, split: str | None, n: int, seed: int
) -> list[Drawing]:
    """Load the named drawings, or select ``n`` at random from ``data`` or from the model's own corpus."""
    corpus_name = model if data is None else data
    if not names and corpus_name == DOODLES and not Path(corpus_name).exists():
        return select_doodles(split, n, seed)
    if names:
        return [noted_drawing(name) for name in names]
    return select_drawings(own_corpus(model, data, instead=GIVE_DRAWING), split, n, seed)
