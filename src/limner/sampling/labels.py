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
    names: Sequence[str | None], known: Sequence[str], generator: torch.Generator
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

    Raises
    ------
    LimnerError
        If there is no such class.
    """
    if not known:
        if any(name is not None for name in names):
            raise LimnerError("This model is told no classes and cannot draw one of them.")
        return None
    numbers = torch.randint(
        len(unnamed_classes(known)), (len(names),), generator=generator, device=generator.device
    )
    for k, name in enumerate(names):
        if name is not None:
            numbers[k] = _number_of(name, known)
    return numbers


def unnamed_classes(known: Sequence[str]) -> Sequence[str]:
    """Return the classes that are drawn where none is named, the first of those that a network knows.

    A hand has its own classes before those of the base that it began with, of which :data:`ANYTHING` is the
    first; they are drawn. Else it is :data:`ANYTHING` alone, or all classes if the network was not taught it.
    """
    own = list(known).index(ANYTHING) if ANYTHING in known else len(known)
    return known[: max(own, 1)]


def _number_of(name: str, known: Sequence[str]) -> int:
    if name not in known:
        raise LimnerError(f"This model knows no class {name!r}; {did_you_mean(name, known)}")
    return list(known).index(name)
