"""The page of a hand that is learnt: its stages, and the order of what it shows."""

from __future__ import annotations

from pathlib import Path

from limner.demo.growing_page import GrowingPage
from limner.demo.learn_exhibits import BEFORE, BEGINNINGS, LEARNT, LEFT_OUT, NEXT, NOW, PAGES, WORK
from limner.demo.learn_record import LearnRecord
from limner.demo.material import Material
from limner.demo.training_view import CURVE
from limner.training.suggestion import FEW, suggest_preset

STAGES = ("Reading", "Making ready", "Learning", "Drawing")
READING, READY, LEARNING, DRAWING = STAGES
GETTING_READY = "It makes itself ready; of few drawings it finds out first how long to learn."
ORDER = (NOW, BEFORE, BEGINNINGS, WORK, PAGES, LEFT_OUT, LEARNT, CURVE, NEXT)


def new_page(out: Path, material: Material, record: LearnRecord) -> GrowingPage:
    """Return the page ``out/index.html``, which is not written yet; its text says what will happen."""
    text = (
        f"From {material.sentence}: {material.plan}, then learned for at most {record.minutes:g} "
        f"minute{'' if record.minutes == 1 else 's'}, by {_by(material, record)}."
    )
    name = Path(material.names[0]).resolve().name
    return GrowingPage(out / "index.html", f"A hand, learned from {name}", text, stages=STAGES, order=ORDER)


def _by(material: Material, record: LearnRecord) -> str:
    """Return the preset, or those that the number of drawings decides between."""
    n = material.drawings_at_least
    few, many = (suggest_preset(n or k, record.minutes) for k in (FEW, FEW + 1))
    if record.preset or few == many:
        return f"the preset {record.preset or few}"
    return f"the preset {few} (or {many}, if there are more than {FEW:,} drawings)"
