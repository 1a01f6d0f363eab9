"""Make doodles: recipes with random differences, scaled, sampled as points on whole pixels.

Letters: ``D`` drawings of a kind, ``n`` points of a path, ``P`` points of all drawings of a kind.
"""

from __future__ import annotations

from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.doodles import animals, nature, things
from limner.corpus.doodles.hand import ToyHand
from limner.corpus.doodles.tablet import put_points
from limner.errors import quote_list
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from limner.corpus.doodles.line import Mask, ToyLine

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Recipe = Callable[[ToyHand], list[ToyLine]]

_RECIPES: dict[str, Recipe] = {
    recipe.__name__: recipe
    for recipe in (
        animals.bird,
        things.boat,
        animals.butterfly,
        things.car,
        animals.cat,
        things.cup,
        things.face,
        animals.fish,
        nature.flower,
        nature.heart,
        things.house,
        nature.mushroom,
        animals.snail,
        nature.star,
        nature.tree,
        animals.whale,
    )
}
KINDS: tuple[str, ...] = tuple(_RECIPES)
SIZE = (216.0, 255.0)  # the longer side of a drawing, in pixels
LANDING = 4.0  # spread of the first point about the origin, in pixels


def make_doodles(n: int, *, seed: int = 0, kinds: Sequence[str] | None = None,
    only: Sequence[int] | None = None) -> list[Drawing]:  # fmt: skip
    """Draw ``n`` doodles, as many of each kind as of any other (or one more), in mixed order.

    The same ``n``, ``seed`` and ``kinds`` give the same drawings on any platform; another ``n`` gives others.

    Parameters
    ----------
    n, seed : int
        Number of doodles, and a seed; not negative.
    kinds : sequence of str, optional
        Some of :data:`KINDS`; all unless given.
    only : sequence of int, optional
        Indices of the doodles to return, which are the same as among all; only their kinds are made.

    Returns
    -------
    list of Drawing
        Coordinates are whole numbers; the longer side measures up to 255. The pen comes down within some
        pixels of the origin, so that the first offset says nothing of the rest, as in sketch-rnn's sheep.
        ``label`` is the kind, ``source`` is ``doodles#{seed}-{index}``.

    Raises
    ------
    ValueError
        If a kind is unknown, none is given, or ``n`` or ``seed`` is negative.
    """
    names = _known(KINDS if kinds is None else kinds)
    if n < 0 or seed < 0:
        raise ValueError(f"n and seed must not be negative, but n is {n} and seed is {seed}.")
    rng = np.random.default_rng(seed)
    turns = np.array([KINDS.index(name) for name in names])[np.argsort(rng.random(len(names)))]
    labels = np.resize(turns, n)[np.argsort(rng.random(n))]  # (n,) indices into KINDS
    drawings: dict[int, Drawing] = {}
    for kind in np.unique(labels if only is None else labels[np.asarray(only, int)]):
        indices = np.flatnonzero(labels == kind).tolist()
        hand, name = ToyHand(np.random.default_rng([seed, kind]), len(indices)), KINDS[kind]
        for index, strokes in zip(indices, _draw(_RECIPES[name], hand), strict=True):
            drawings[index] = Drawing.from_polylines(strokes, label=name, source=f"doodles#{seed}-{index}")
    return [drawings[index] for index in (range(n) if only is None else only)]


def _known(kinds: Sequence[str]) -> tuple[str, ...]:
    for kind in kinds:
        if kind not in KINDS:
            nearest = get_close_matches(kind, KINDS, n=1, cutoff=0.0)[0]
            raise ValueError(f"There is no doodle called {kind!r}; the nearest is {nearest!r}.")
    if not kinds:
        raise ValueError(f"No kind of doodle is given; there are {quote_list(KINDS)}.")
    return tuple(dict.fromkeys(kinds))


def _draw(recipe: Recipe, hand: ToyHand) -> list[list[Floats]]:
    """Return the strokes of each drawing of a recipe, on whole pixels."""
    lines = recipe(hand)
    paths = _fit(hand.pose(lines), [line.drawn for line in lines], hand.between(*SIZE))
    points, owners, ranks = [], [], []
    for number, (line, path) in enumerate(zip(lines, paths, strict=True)):
        placed, owner = _put(line, path)
        points.append(placed)
        owners.append(owner)
        ranks.append(number - len(lines) * line.first[owner])
    landings = np.stack([hand.about(0, LANDING), hand.about(0, LANDING)], axis=1)  # (D, 2)
    return _strokes(np.concatenate(points), np.concatenate(owners), np.concatenate(ranks), landings)


def _fit(paths: list[Floats], drawn: list[Mask], sizes: Floats) -> list[Floats]:
    """Move each drawing to the origin and scale it to the given length of the longer side."""
    pairs = list(zip(paths, drawn, strict=True))
    low = np.min([np.where(is_on[:, None], path.min(axis=1), np.inf) for path, is_on in pairs], axis=0)
    high = np.max([np.where(is_on[:, None], path.max(axis=1), -np.inf) for path, is_on in pairs], axis=0)
    scale = sizes / (high - low).max(axis=1)
    return [(path - low[:, None]) * scale[:, None, None] for path in paths]


def _put(line: ToyLine, path: Floats) -> tuple[Floats, Ints]:
    """Sample points of the paths of those drawings that have the line: (P, 2), and their drawings: (P,)."""
    pieces = [(path[:, 0], np.arange(len(path)))]
    pieces += [put_points(path[:, a : b + 1]) for a, b in pairwise(line.corners)]
    points, owners = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return points[line.drawn[owners]], owners[line.drawn[owners]]


def _strokes(points: Floats, owners: Ints, ranks: Ints, landings: Floats) -> list[list[Floats]]:
    """Sort points by drawing and rank of the stroke, round them, drop repeated ones, and split them."""
    order = np.lexsort((ranks, owners))
    points, owners, ranks = np.round(points[order]), owners[order], ranks[order]
    heads = np.searchsorted(owners, np.arange(owners[-1] + 1))  # where each drawing begins
    points += (np.round(landings) - points[heads])[owners]
    starts = (np.diff(owners, prepend=-1) != 0) | (np.diff(ranks, prepend=ranks[0]) != 0)
    moved = starts | np.diff(points, axis=0, prepend=-1).any(axis=1)
    strokes = np.split(points[moved], np.flatnonzero(starts[moved])[1:])
    drawings: list[list[Floats]] = [[] for _ in heads]
    for owner, stroke in zip(owners[starts], strokes, strict=True):
        drawings[owner].append(stroke)
    return drawings
