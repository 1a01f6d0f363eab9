"""Settings that depend on the number of drawings: what is held out, and how strongly drawings are augmented.

The command line, Python and the studio all ask :func:`defaults_for`.
"""

from __future__ import annotations

from dataclasses import dataclass

from limner.corpus.strong_augmentation import StrongAugmentation
from limner.corpus.text import counted

SMALL = 50
"""Drawings below which none is held out, because each is needed for training."""
HELD_OUT = 0.05
"""Share of the drawings that is held out for valid and for test each, where there are more."""
STRONG = StrongAugmentation(turn=8.0, slant=0.1, shake=0.002, nudge=0.02, leave_out=0.05)
"""Changes after which a page still looks drawn by the same hand: no mirroring, no reordering."""


@dataclass(frozen=True)
class SizeDefaults:
    """Settings for a corpus of some size."""

    hold_out: float
    """Share of the drawings that is held out for valid and for test each."""
    augmentation: StrongAugmentation
    """How drawings are augmented where nothing else is asked for."""


def defaults_for(n: int, hold_out: float | None = None) -> SizeDefaults:
    """Return the settings for a corpus of ``n`` drawings.

    Parameters
    ----------
    n : int
    hold_out : float, optional
        The share to hold out for valid and for test each, from 0 to below 0.5, where one is asked for; else
        5 % of 50 drawings and more, and nothing of fewer.
    """
    if n >= SMALL:
        return SizeDefaults(HELD_OUT if hold_out is None else hold_out, StrongAugmentation())
    return SizeDefaults(hold_out or 0.0, STRONG)


def what_to_expect(n: int, *, held_out: bool) -> str | None:
    """Return a sentence about a training on ``n`` drawings; None where it is the usual case.

    Parameters
    ----------
    n : int
        Drawings of all splits.
    held_out : bool
        Whether some of them are held out.
    """
    if n < SMALL:
        kept = "some are set aside" if held_out else "all are learnt from"
        return (
            f"{counted(n, 'drawing')}: {kept}. Expect lines like these and pieces of what they show, hardly "
            f"anything new; from {SMALL} drawings on some are set aside to judge by. To begin with what a "
            "line is: --train.init-from doodles."
        )
    if not held_out:
        return (
            f"None of {counted(n, 'drawing')} are set aside, so the average of the last weights is kept; "
            "--train.hold-out 0.05 sets some aside."
        )
    return None
