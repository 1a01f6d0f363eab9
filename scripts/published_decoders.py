"""Judge the decoders that sketch-rnn-js publishes, and a decoder trained on the drawings at hand, alike.

    python scripts/published_decoders.py sketch-rnn-js quickdraw/simplified decoders --own runs/own

Reads cat, bird and bicycle (``NAME.gen.json``) and QuickDraw's drawings of these classes (``NAME.ndjson``).
For each it takes the NLL per point, and what share of samples the protocol's encoder recognises among its
classes, at several temperatures. ``--own`` names a model that is told classes, which is judged by the same
drawings (and was trained on most of them, if they are those at hand). Writes ``report.md``, ``report.json``
and a sheet of samples a decoder.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.cli.console import say
from limner.corpus.corpus import Corpus, Split
from limner.corpus.load import load_corpus
from limner.evaluation.likelihood import likelihood
from limner.evaluation.protocol.encoder import SketchEncoder, shipped_encoder
from limner.evaluation.retrieval import top_accuracy
from limner.files import write_text
from limner.interchange.importing import import_model
from limner.render.png import sheet_to_image
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing

NAMES = ("cat", "bird", "bicycle")
TEMPERATURES = (0.2, 0.4, 0.6, 0.8, 1.0)
SAMPLES, SHOWN, AT_ONCE = 300, 8, 100


@dataclass(frozen=True)
class Judged:
    """Figures of one decoder by one class."""

    who: str
    name: str
    drawings: int
    scale_factor: float
    nll: float
    interval: tuple[float, float]
    recognised: dict[float, tuple[float, float]]
    """Top-1 and top-5 shares of samples by temperature."""
    real: tuple[float, float]
    """The same of the drawings; most of them the encoder was trained on."""


def whole(corpus: Corpus) -> tuple[Split, list[Drawing]]:
    """Put all splits of a corpus together."""
    drawings = [corpus.drawing(name, i) for name, split in corpus.splits.items() for i in range(len(split))]
    return Split.from_arrays([drawing.to_stroke3() for drawing in drawings]), drawings


def shares(encoder: SketchEncoder, drawings: list[Drawing], name: str) -> tuple[float, float]:
    """Return top-1 and top-5 accuracy of drawings of one class."""
    scores = encoder.scores(encoder.features(drawings))
    labels = [encoder.classes.index(name)] * len(drawings)
    return top_accuracy(scores, labels, 1), top_accuracy(scores, labels, 5)


def samples(model: Model, name: str, temperature: float) -> list[Drawing]:
    """Draw samples of a class, or of a decoder that knows no other."""
    label = name if model.network.config.classes else None
    return [
        drawing
        for seed in range(SAMPLES // AT_ONCE)
        for drawing in model.sample(AT_ONCE, temperature=temperature, label=label, seed=seed)
    ]


def judged(who: str, model: Model, name: str, corpus: Corpus, out: Path) -> Judged:
    """Judge a decoder by the drawings of a class, and write a sheet of its samples, a row a temperature."""
    encoder = shipped_encoder()
    split, drawings = whole(corpus)
    if model.network.config.classes:
        known = model.card.classes.index(name)
        split = Split.from_arrays(list(split), [known] * len(split))
    found = likelihood(model, split)
    drawn = {t: samples(model, name, t) for t in TEMPERATURES}
    rows = [drawing for some in drawn.values() for drawing in some[:SHOWN]]
    headings = [f"{t:g}" for t in TEMPERATURES]
    sheet_to_image(rows, columns=SHOWN, row_headings=headings, cell_px=120).save(out / f"{who}-{name}.png")
    return Judged(
        who=who,
        name=name,
        drawings=len(drawings),
        scale_factor=model.card.scale_factor,
        nll=found.nll_per_point_corpus,
        interval=found.intervals["nll_per_point_corpus"],
        recognised={t: shares(encoder, some, name) for t, some in drawn.items()},
        real=shares(encoder, drawings, name),
    )


def table(all_judged: list[Judged]) -> str:
    """Set the figures in Markdown."""
    heads = [
        "decoder",
        "class",
        "scale",
        "NLL/point, corpus units",
        *(f"T {t:g}" for t in TEMPERATURES),
        "real",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for one in all_judged:
        cells = [one.who, one.name, f"{one.scale_factor:.2f}"]
        cells.append(f"{one.nll:.2f} ({one.interval[0]:.2f} to {one.interval[1]:.2f})")
        cells += [f"{a:.0%} / {b:.0%}" for a, b in (*one.recognised.values(), one.real)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Import, judge, write."""
    parser = argparse.ArgumentParser(description=str(__doc__), formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("published", type=Path)
    parser.add_argument("drawings", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--own", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    own = load_model(args.own) if args.own else None
    found: list[Judged] = []
    for name in NAMES:
        corpus = load_corpus(args.drawings / f"{name}.ndjson")
        import_model(args.published / f"{name}.gen.json", args.out / f"{name}.safetensors")
        model = load_model(args.out / f"{name}.safetensors")
        found.append(judged("published", model, name, corpus, args.out))
        if own is not None:
            found.append(judged("own", own, name, corpus, args.out))
    written = table(found)
    note = f"Samples recognised (top 1 / top 5 of {len(shipped_encoder().classes)} classes), {SAMPLES} each."
    write_text(args.out / "report.md", f"{note} Protocol {shipped_encoder().identifier}.\n\n{written}\n")
    figures: list[dict[str, Any]] = [vars(one) for one in found]
    write_text(args.out / "report.json", json.dumps(figures, indent=1) + "\n")
    say(written)


if __name__ == "__main__":
    main()
