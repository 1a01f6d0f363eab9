"""The page of a hand that is learnt: its stages, and the order of what it shows."""

from __future__ import annotations

from pathlib import Path

from limner.demo.growing_page import GrowingPage
from limner.demo.learn_exhibits import BEFORE, BEGINNINGS, LEARNT, LEFT_OUT, NEXT, NOW, PAGES, WORK
from limner.demo.learn_record import LearnRecord
from limner.demo.material import Material
from limner.demo.training_view import CURVE

STAGES = ("Reading", "Making ready", "Learning", "Drawing")
READING, READY, LEARNING, DRAWING = STAGES
ORDER = (NOW, BEFORE, BEGINNINGS, WORK, PAGES, LEFT_OUT, LEARNT, CURVE, NEXT)


def new_page(out: Path, material: Material, record: LearnRecord) -> GrowingPage:
    """Return the page ``out/index.html``, which is not written yet; its text says what will happen."""
    text = (
        f"From {material.sentence}: {material.plan}, then learned for at most {record.minutes:g} "
        f"minute{'' if record.minutes == 1 else 's'} (preset {record.preset})."
    )
    name = Path(material.names[0]).resolve().name
    return GrowingPage(out / "index.html", f"A hand, learned from {name}", text, stages=STAGES, order=ORDER)
