"""Labels: numbers of classes for their names.

Letters: ``B`` drawings.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from limner.errors import LimnerError
from limner.settings import did_you_mean

ANYTHING = "anything"
"""Name of the class of drawings without one, in corpora that teach a network to draw without a class."""


def label_numbers(
    names: Sequence[str | None], known: Sequence[str], generator: torch.Generator, own: int = 0
) -> Tensor | None:
    """Return the numbers of classes, ``(B,)``.

    Where no name is given it is one of :func:`unnamed_classes`, at random.

    Parameters
    ----------
    names : sequence of str or None
        B
    known : sequence of str
        Classes that a network is conditioned on; None is returned where there are none.
    generator : torch.Generator
    own : int
        As for :func:`unnamed_classes`.

    Raises
    ------
    LimnerError
        If there is no such class.
    """
    if not known:
        if any(name is not None for name in names):
            raise LimnerError("This model is told no classes and cannot draw one of them.")
        return None
    unnamed = unnamed_classes(known, own)
    drawn = torch.randint(len(unnamed), (len(names),), generator=generator, device=generator.device)
    numbers = torch.tensor([list(known).index(name) for name in unnamed], device=generator.device)[drawn]
    for k, name in enumerate(names):
        if name is not None:
            numbers[k] = _number_of(name, known)
    return numbers


def unnamed_classes(known: Sequence[str], own: int = 0) -> Sequence[str]:
    """Return the classes that are drawn where none is named, one at random.

    A hand draws its own classes; another network :data:`ANYTHING` if it was taught that, else any class.

    Parameters
    ----------
    known : sequence of str
        Classes that a network is conditioned on.
    own : int
        How many of them, the first ones, are a hand's own (:attr:`limner.models.weights.Card.own_classes`).
    """
    if own:
        return known[:own]
    return [ANYTHING] if ANYTHING in known else known


def _number_of(name: str, known: Sequence[str]) -> int:
    if name not in known:
        raise LimnerError(f"This model knows no class {name!r}; {did_you_mean(name, known)}")
    return list(known).index(name)
