"""What the number of drawings of a corpus decides: what is set aside, and how strongly they are varied.

The command line, Python and the studio all ask :func:`care_for`.
"""

from __future__ import annotations

from dataclasses import dataclass

from limner.corpus.text import counted
from limner.corpus.variation import Variation

FEW = 50
"""Drawings below which every one is needed to learn from."""
SHARE = 0.05
"""Of the drawings, what is set aside for valid and for test each, where there are more."""
STRONG = Variation(turn=8.0, slant=0.1, shake=0.002, nudge=0.02, leave_out=0.05)
"""What a page may suffer and still be by the same hand: no mirroring, no other order of the strokes."""


@dataclass(frozen=True)
class Care:
    """How a corpus of some size is treated."""

    hold_out: float
    """Share of the drawings that is set aside for valid and for test each."""
    vary: Variation
    """How drawings are varied where nothing else is asked for."""


def care_for(n: int, hold_out: float | None = None) -> Care:
    """Decide how a corpus is treated.

    Parameters
    ----------
    n : int
        Its drawings.
    hold_out : float, optional
        The share to set aside for valid and for test each, from 0 to below 0.5, where one is asked for; else
        5 % of 50 drawings and more, and nothing of fewer.
    """
    if n >= FEW:
        return Care(SHARE if hold_out is None else hold_out, Variation())
    return Care(hold_out or 0.0, STRONG)


def what_to_expect(n: int, *, held_out: bool) -> str | None:
    """Say what to expect of a training on ``n`` drawings, in a sentence; None where it is the usual thing.

    Parameters
    ----------
    n : int
        Drawings of all splits.
    held_out : bool
        Whether some of them are set aside.
    """
    if n < FEW:
        kept = "some are set aside" if held_out else "all are learnt from"
        return (
            f"{counted(n, 'drawing')}: {kept}. Expect lines like these and pieces of what they show, hardly "
            f"anything new; from {FEW} drawings on some are set aside to judge by. To begin with what a line "
            "is: --train.init_from doodles."
        )
    if not held_out:
        return (
            f"None of {counted(n, 'drawing')} are set aside, so the average of the last weights is kept; "
            "--train.hold-out 0.05 sets some aside."
        )
    return None
