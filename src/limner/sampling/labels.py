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

    Where no name is given it is :data:`ANYTHING` if the network was taught that, else a class at random.

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
    if ANYTHING in known:
        names = [ANYTHING if name is None else name for name in names]
    numbers = torch.randint(len(known), (len(names),), generator=generator, device=generator.device)
    for k, name in enumerate(names):
        if name is not None:
            numbers[k] = _number_of(name, known)
    return numbers


def _number_of(name: str, known: Sequence[str]) -> int:
    if name not in known:
        raise LimnerError(f"This model knows no class {name!r}; {did_you_mean(name, known)}")
    return list(known).index(name)
