"""Which preset suits a corpus, and what to expect of the one that was chosen.

The command line, Python and the studio all ask here.
"""

from __future__ import annotations

from limner.corpus.small_corpus import what_to_expect
from limner.corpus.text import counted
from limner.models.weights import shipped_names
from limner.training.config import TrainConfig
from limner.training.presets import PRESETS

HAND = "hand"
"""The preset that begins with what limner knows of drawing."""
FEW = 1000
"""Drawings up to which a hand is suggested; a judgement, not measured."""
MANY = 10_000
"""Drawings from which the large networks of the original pay."""
HOUR, NIGHT = 60.0, 480.0
"""Minutes from which a careful, and a large network is trained to its end."""


def suggest_preset(drawings: int, minutes: float | None = None) -> str:
    """Return the name of the preset that suits a corpus.

    Parameters
    ----------
    drawings : int
        Of all splits.
    minutes : float, optional
        Time that there is, on two processor cores; as much as it takes unless given.
    """
    if drawings <= FEW and PRESETS[HAND].train.init_from in shipped_names():
        return HAND
    if drawings >= MANY and (minutes is None or minutes >= NIGHT):
        return "magenta"
    if FEW < drawings < MANY and (minutes is None or minutes >= HOUR):
        return "small-corpus"
    return "fast"


def what_to_say(config: TrainConfig, drawings: int, *, held_out: bool) -> str | None:
    """Return a sentence for the beginning of a training; None where it is the usual case.

    Parameters
    ----------
    config : TrainConfig
    drawings : int
        Of all splits.
    held_out : bool
        Whether some of them are set aside.
    """
    if config.init_from:
        if not config.add_classes:
            return what_to_expect(drawings, held_out=held_out)
        aside = "some are set aside to judge by" if held_out else "all are learnt from, for as long as serves"
        return f"{counted(drawings, 'drawing')}, over what {config.init_from} knows: {aside}."
    if suggest_preset(drawings) == HAND:
        kept = "some are set aside" if held_out else "all are learnt from"
        return (
            f"{counted(drawings, 'drawing')}: {kept}. So few are learnt better over a model that knows how "
            f"people draw: --preset hand begins with {PRESETS[HAND].train.init_from}, and takes at most 10 "
            "minutes."
        )
    return what_to_expect(drawings, held_out=held_out)
