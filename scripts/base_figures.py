"""Judge the base model ``sketches`` by the decoders that taught it and by drawings that it never saw.

    python scripts/base_figures.py runs/base/figures runs/base/teachers quickdraw/simplified
    python scripts/base_figures.py runs/base/figures runs/base/teachers quickdraw/simplified --only likelihood

Parts, each kept in FOLDER/PART.json and not measured again while that is there:

``teachers``, ``recognized``
    Shares of samples that the protocol's encoder recognizes as their class (first, and among the first
    five), by sampling: of each class's own decoder, and of the base. The means count the classes that the
    encoder knows.
``nothing``
    Shares of samples, drawn without a class, for which the encoder is surer than one half of some class.
``likelihood``
    NLL per point, in the corpus's units, of the five drawings of a class that were set aside: of the base
    told the class, of the class's own decoder, and for classes without one of ``doodles``.
``completion``
    Of the same drawings the first third is given: shares of completions that are recognized as their class.
``starts``
    Plain beginnings (circle, line, square, ...), 40 completions each, as ``limner complete`` makes them: how
    many are empty, too long, or off the page; a sheet of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from train_base import HANDS

from limner.cli.console import say
from limner.corpus.corpus import Split
from limner.corpus.load import load_corpus
from limner.corpus.select import beginning_of
from limner.evaluation.likelihood import likelihood
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.protocol.set_aside import set_aside
from limner.files import write_text
from limner.render.write import write_drawings
from limner.sampling.config import SamplingConfig
from limner.sampling.continuations import continuations
from limner.sampling.labels import ANYTHING
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing

TEACHERS = {f"paper {t}": SamplingConfig(t) for t in (0.25, 0.5, 0.8)} | {
    "steady 0.4": SamplingConfig(0.4, convention="steady")
}
BASE = {
    "paper 0.5": SamplingConfig(0.5),
    "steady 0.25": SamplingConfig(0.25, convention="steady"),
    "steady 0.4": SamplingConfig(0.4, convention="steady"),
    "steady 0.6": SamplingConfig(0.6, convention="steady"),
    "steady 0.4, guidance 1": SamplingConfig(0.4, convention="steady", guidance=1.0),
    "steady 0.25, guidance 1": SamplingConfig(0.25, convention="steady", guidance=1.0),
}
SURE, THIRD = 0.5, 1 / 3
FUTURES, SHOWN = 40, 8
TOO_LONG = 1.5
"""Times the points of the longest drawing of the corpus."""


@dataclass(frozen=True)
class Judge:
    """What the parts work with."""

    folder: Path
    base: Model
    teachers: dict[str, Path]
    quickdraw: Path
    samples: int

    @cached_property
    def aside(self) -> dict[str, list[Drawing]]:
        """Drawings that were set aside, by class; all of them for the classes of hands."""
        found = {}
        for title, (aside, rest) in set_aside(self.quickdraw).items():
            corpus = load_corpus(self.quickdraw / f"{title}.ndjson")
            every = [
                corpus.drawing(name, i) for name, split in corpus.splits.items() for i in range(len(split))
            ]
            kept = [*aside, *rest] if title in HANDS else aside
            found[title] = [every[k].replace(label=title) for k in kept]
        return found

    @cached_property
    def judged(self) -> list[str]:
        """Classes with a decoder of their own that the encoder knows."""
        known = set(shipped_encoder().classes)
        return [name for name in self.teachers if name in known and name in self.base.card.classes]


def recognized(drawings: Sequence[Drawing], name: str) -> dict[str, float]:
    """Return the shares of drawings whose class is the likeliest one, and among the five likeliest."""
    encoder = shipped_encoder()
    scores, number = encoder.scores(encoder.features(drawings)), encoder.classes.index(name)
    ranks = (scores > scores[:, number : number + 1]).sum(1)
    return {"top1": float((ranks == 0).mean()), "top5": float((ranks < 5).mean())}


def mean_of(rows: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return the mean over classes of each figure."""
    return {key: float(np.mean([row[key] for row in rows.values()])) for key in next(iter(rows.values()))}


def part_teachers(judge: Judge) -> dict[str, Any]:
    """Judge the samples of each class's own decoder."""
    found: dict[str, Any] = {how: {} for how in TEACHERS}
    for name in judge.judged:
        model = load_model(judge.teachers[name])
        for how, config in TEACHERS.items():
            drawn = model.sample(judge.samples, sampling_config=config, seed=1)
            found[how][name] = recognized(drawn, name)
    return {how: {"mean": mean_of(rows), "classes": rows} for how, rows in found.items()}


def part_recognized(judge: Judge) -> dict[str, Any]:
    """Judge the samples of the base, told their class."""
    found: dict[str, Any] = {}
    for how, config in BASE.items():
        rows = {
            name: recognized(
                judge.base.sample(judge.samples, sampling_config=config, label=name, seed=1), name
            )
            for name in judge.judged
        }
        found[how] = {"mean": mean_of(rows), "classes": rows}
        say(f"{how}: {found[how]['mean']}")
    return found


def part_nothing(judge: Judge) -> dict[str, Any]:
    """Judge samples drawn without a class, and those of all teachers together."""
    encoder = shipped_encoder()

    def sure(drawings: Sequence[Drawing]) -> float:
        return float((np.exp(encoder.scores(encoder.features(drawings)).max(1)) > SURE).mean())

    drawn = judge.base.sample(judge.samples, label=ANYTHING, seed=1)
    write_drawings(drawn[:48], judge.folder / "nothing.png", columns=8)
    pooled = [
        drawing
        for name in judge.judged
        for drawing in load_model(judge.teachers[name]).sample(8, temperature=0.5, seed=2)
    ]
    real = [drawing for name in judge.judged for drawing in judge.aside[name]]
    return {"base": sure(drawn), "teachers": sure(pooled), "real": sure(real)}


def nll(model: Model, drawings: Sequence[Drawing], label: int) -> float:
    """Return the NLL per point of drawings of one class, in the corpus's units."""
    split = Split.from_arrays([d.to_stroke3() for d in drawings], np.full(len(drawings), label, np.int32))
    return likelihood(model, split).nll_per_point_corpus


def part_likelihood(judge: Judge) -> dict[str, Any]:
    """Compare likelihoods with each class's own decoder, and with ``doodles``."""
    base, doodles = judge.base, load_model("doodles")
    numbers = {name: k for k, name in enumerate(base.card.classes)}
    found: dict[str, Any] = {"taught": {}, "untaught": {}, "hands": {}}
    for name, drawings in judge.aside.items():
        told = numbers.get(name, numbers[ANYTHING])
        row = {
            "base": nll(base, drawings, told),
            "base, told nothing": nll(base, drawings, numbers[ANYTHING]),
        }
        if name in judge.teachers:
            row["teacher"] = nll(load_model(judge.teachers[name]), drawings, -1)
        else:
            row["doodles"] = nll(doodles, drawings, -1)
        kind = "taught" if name in judge.teachers else "hands" if name in HANDS else "untaught"
        found[kind][name] = row
    return {kind: {"mean": mean_of(rows), "classes": rows} for kind, rows in found.items()}


def part_completion(judge: Judge) -> dict[str, Any]:
    """Compare completions of the first third: of the base told nothing, of teachers, and the third alone."""
    futures, rows, shown = 8, {}, []
    for name in judge.judged:
        teacher = load_model(judge.teachers[name])
        drawn: dict[str, list[Drawing]] = {"base": [], "teacher": [], "third": []}
        for k, drawing in enumerate(judge.aside[name]):
            first, cut = beginning_of(drawing, THIRD)
            first = first.replace(label=None)
            options = {"lift": not cut, "seed": k, "unit": 1.0}
            drawn["third"].append(first)
            drawn["base"] += judge.base.complete(first, futures, label=ANYTHING, **options)
            drawn["teacher"] += teacher.complete(first, futures, temperature=0.5, **options)
        rows[name] = {who: recognized(found, name)["top1"] for who, found in drawn.items()}
        shown.append(drawn["base"][0])
    write_drawings(shown[:48], judge.folder / "completion.png", columns=8)
    return {"mean": mean_of(rows), "classes": rows}


def plain_starts(size: float) -> dict[str, Drawing]:
    """Return plain beginnings, ``size`` units wide."""
    turn = np.linspace(0, 2 * np.pi, 25)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    spiral = np.stack([np.cos(3 * turn), np.sin(3 * turn)], axis=1) * (0.2 + 0.8 * turn[:, None] / turn[-1])
    half = circle[6:19]
    dots = [np.array([[x, 0.0], [x + 0.04, 0.0]]) for x in (-0.4, 0.4)]
    shapes: dict[str, list[np.ndarray[Any, Any]]] = {
        "circle": [circle],
        "line": [np.array([[-1.0, 0.0], [1.0, 0.0]])],
        "square": [np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])],
        "triangle": [np.array([[0.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [0.0, -1.0]])],
        "spiral": [spiral],
        "two dots": dots,
        "half a face": [half, np.array([[-0.5, -0.2], [-0.4, -0.2]]), np.array([[-0.7, 0.4], [0.0, 0.5]])],
    }
    return {
        name: Drawing.from_polylines([line * size / 2 for line in lines]) for name, lines in shapes.items()
    }


def part_starts(judge: Judge) -> dict[str, Any]:
    """Complete plain beginnings, and count what is empty, too long, or off the page."""
    extent, n_max = judge.base.card.extent, judge.base.card.n_max
    found, shown = {}, []
    for name, start in plain_starts(0.6 * extent).items():
        drawn = continuations(judge.base, start, FUTURES, seed=3, unit=1.0).drawings
        counts = [drawing.n_points for drawing in drawn]
        sides = [float(np.ptp(np.concatenate(list(drawing)), axis=0).max()) for drawing in drawn]
        found[name] = {
            "empty": sum(n <= start.n_points for n in counts),
            "too long": sum(n > TOO_LONG * n_max for n in counts),
            "off the page": sum(side > 2.5 * extent for side in sides),
            "points": float(np.mean(counts)) - start.n_points,
        }
        shown += drawn[:SHOWN]
    write_drawings(shown, judge.folder / "starts.png", columns=SHOWN)
    return found


PARTS: dict[str, Callable[[Judge], dict[str, Any]]] = {
    "teachers": part_teachers,
    "recognized": part_recognized,
    "nothing": part_nothing,
    "likelihood": part_likelihood,
    "completion": part_completion,
    "starts": part_starts,
}


def main() -> None:
    """Measure what is not measured yet."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("teachers", type=Path, help="a folder of imported decoders, NAME.safetensors")
    parser.add_argument("quickdraw", type=Path)
    parser.add_argument("--base", default="sketches")
    parser.add_argument("--samples", type=int, default=300, help="of a class")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    teachers = {path.stem.replace("_", " "): path for path in sorted(args.teachers.glob("*.safetensors"))}
    judge = Judge(args.folder, load_model(args.base), teachers, args.quickdraw, args.samples)
    for name in args.only:
        path = args.folder / f"{name}.json"
        if not path.exists():
            args.folder.mkdir(parents=True, exist_ok=True)
            write_text(path, json.dumps(PARTS[name](judge), indent=1) + "\n")
        figures = json.loads(path.read_text())
        means = {key: value.get("mean", value) for key, value in figures.items() if isinstance(value, dict)}
        say(f"{name}: {json.dumps(means or figures)}")


if __name__ == "__main__":
    main()
