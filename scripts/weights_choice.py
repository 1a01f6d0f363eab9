"""Measure which of a training's weights draw best, and which of them each rule would have kept.

    python scripts/weights_choice.py train sheep.npz OUT/sheep --preset fast --steps 1500 --every 125
    python scripts/weights_choice.py judge sheep.npz OUT/sheep
    python scripts/weights_choice.py table OUT/sheep OUT/look OUT/pages

``train`` keeps the weights of every validation. ``judge`` draws with each of them and compares with drawings
of the corpus by the protocol, at temperature 1; where there are too few drawings for that, with
``--pieces K``, runs of K strokes of the samples with such runs of the drawings. ``table`` says what step each
rule chooses and how good its samples are.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from limner.cli.console import say
from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.protocol.generation import likeness, spread
from limner.models.weights import LAST_NAME
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing
from limner.training.config import RunConfig
from limner.training.hparams import HParams
from limner.training.presets import PRESETS
from limner.training.run import train
from limner.training.run_folder import CONFIG_NAME, METRICS_NAME, read_settings
from limner.training.schedules import kl_weight_at

SAMPLES = 300
AT_ONCE = 100
Row = dict[str, float]


# Training --------------------------------------------------------------------------------------------


def kept_all(corpus: Corpus, run: Path, config: RunConfig) -> None:
    """Train in stages of one validation each and keep the weights of every stage."""
    every = config.train.validate_every
    for step in range(every, config.max_steps + 1, every):
        if snapshot(run, step).is_file():
            continue
        resolved = read_settings(run / CONFIG_NAME, config) if step > every else config
        train(corpus, run, replace(resolved, max_steps=step), resume=step > every)
        snapshot(run, step).parent.mkdir(exist_ok=True)
        shutil.copy(run / LAST_NAME, snapshot(run, step))


def snapshot(run: Path, step: int) -> Path:
    """Name the weights of a step."""
    return run / "snapshots" / f"step-{step:07d}.safetensors"


# Judging ---------------------------------------------------------------------------------------------


def judged(corpus: Corpus, run: Path, seeds: int, pieces: int) -> None:
    """Write ``choice.csv``: one line for each of the kept weights."""
    splits = [corpus.splits[name] for name in ("test", "valid", "train") if name in corpus.splits]
    some = [Drawing.from_stroke3(rows) for rows in splits[0]]
    if pieces:
        some = [Drawing.from_stroke3(rows) for split in splits for rows in split]
    real = shipped_encoder().features(cut(some, pieces)[:SAMPLES])
    lines = []
    for path in sorted((run / "snapshots").glob("step-*.safetensors")):
        model, step = load_model(path), int(path.stem.split("-")[1])
        sets = [likeness(*paired(real, features_of(model, k, pieces, len(real)))) for k in range(seeds)]
        mean, deviation = spread(sets)
        lines.append({"step": step, **asdict(mean), "fid_deviation": deviation.fid})
        say(str(lines[-1]))
    with (run / "choice.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def features_of(model: Model, seed: int, pieces: int, wanted: int) -> NDArray[np.float32]:
    """Draw samples and look at them."""
    found: list[Drawing] = []
    for first in range(0, SAMPLES if not pieces else AT_ONCE, AT_ONCE):
        found += model.sample(AT_ONCE, temperature=1.0, seed=seed * 1_000_003 + first)
    cuts = cut(found, pieces)
    chosen = np.random.default_rng(seed).permutation(len(cuts))[:wanted]
    return shipped_encoder().features([cuts[k] for k in chosen])


def cut(drawings: Sequence[Drawing], pieces: int) -> list[Drawing]:
    """Cut every drawing into all runs of so many strokes; 0 leaves it whole."""
    if not pieces:
        return list(drawings)
    found = []
    for drawing in drawings:
        strokes = list(drawing)
        runs = range(max(1, len(strokes) - pieces + 1))
        found += [Drawing.from_polylines(strokes[k : k + pieces]) for k in runs]
    return found


def paired(
    real: NDArray[np.float32], others: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Bring two sets to one size."""
    size = min(len(real), len(others))
    return real[np.random.default_rng(0).permutation(len(real))[:size]], others[:size]


# The table -------------------------------------------------------------------------------------------


def rules(config: RunConfig) -> dict[str, Callable[[list[Row]], Row]]:
    """Name the rules: each chooses one of the validations, which come in the order of the steps."""

    def bound(row: Row, weight: float) -> float:
        return row["valid_L_R"] + weight * row["valid_L_KL"]

    def by(cost: Callable[[Row], float]) -> Callable[[list[Row]], Row]:
        return lambda rows: min(rows, key=cost)

    def by_weight_now(rows: list[Row]) -> Row:
        best = rows[0]
        for row in rows[1:]:  # the kept weights are judged again, by the weight of the day
            weight = kl_weight_at(int(row["step"]), config.train)
            best = min(best, row, key=lambda one: bound(one, weight))
        return best

    weights = config.train
    return {
        "L_R + full KL weight": by(lambda row: bound(row, weights.kl_weight)),
        "L_R + KL weight at the start": by(lambda row: bound(row, weights.kl_weight_start)),
        "L_R + KL weight now": by_weight_now,
        "NLL per point": by(lambda row: row["valid_nll_per_point"]),
        "last": lambda rows: rows[-1],
    }


def table(runs: Sequence[Path]) -> None:
    """Print a table: what step each rule chooses of each run, and the figures of its samples.

    The last column is the mean over all steps at which the training might have ended.
    """
    say("| training | rule | step | FID | KID | coverage | NLL per point | L_KL | FID, whenever it ends |")
    say("|---|---|---|---|---|---|---|---|---|")
    for run in runs:
        config = read_settings(run / CONFIG_NAME, RunConfig())
        figures = {int(row["step"]): row for row in _rows(run / "choice.csv")}
        validated = [row for row in _rows(run / METRICS_NAME) if "valid_cost" in row]
        rows = [row for row in validated if int(row["step"]) in figures]
        best = min(figures.values(), key=lambda row: row["fid"])
        found: dict[str, list[Row]] = {
            name: [rule(rows[:n]) for n in range(1, len(rows) + 1)] for name, rule in rules(config).items()
        }
        found["the best by FID"] = [next(row for row in rows if row["step"] == best["step"])]
        for name, kept in found.items():
            mean = np.mean([figures[int(row["step"])]["fid"] for row in kept])
            say(_line(run.name, name, kept[-1], figures[int(kept[-1]["step"])], float(mean)))


def _line(run: str, rule: str, row: Row, found: Row, mean: float) -> str:
    cells = [
        run, rule, f"{row['step']:.0f}", f"{found['fid']:.2f} ± {found['fid_deviation']:.2f}",
        f"{found['kid']:.3f}", f"{found['coverage']:.2f}", f"{row['valid_nll_per_point']:.3f}",
        f"{row['valid_L_KL']:.2f}", f"{mean:.2f}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _rows(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return [{k: float(v) for k, v in row.items() if v} for row in csv.DictReader(file)]


def _config(args: argparse.Namespace) -> RunConfig:
    base = HParams.read(args.hparams).over(PRESETS[args.preset])
    changes: dict[str, Any] = {"validate_every": args.every, "start": args.start, "threads": 1}
    if args.plain:
        changes |= {"ema_decay": 0.0, "vary_few": False}
    return replace(base, max_steps=args.steps, seed=args.seed, train=replace(base.train, **changes))


def main() -> None:
    """Run a part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    teach, judge, tell = (parts.add_parser(name) for name in ("train", "judge", "table"))
    for part in (teach, judge):
        part.add_argument("corpus", type=Path)
        part.add_argument("run", type=Path)
    teach.add_argument("--preset", default="fast")
    teach.add_argument("--hparams", default="")
    teach.add_argument("--start", default="")
    teach.add_argument("--plain", action="store_true", help="neither average nor vary few drawings")
    teach.add_argument("--steps", type=int, default=1500)
    teach.add_argument("--every", type=int, default=125)
    teach.add_argument("--seed", type=int, default=0)
    judge.add_argument("--seeds", type=int, default=2)
    judge.add_argument("--pieces", type=int, default=0)
    tell.add_argument("runs", type=Path, nargs="+")
    args = parser.parse_args()
    if args.part == "train":
        kept_all(load_corpus(args.corpus), args.run, _config(args))
    elif args.part == "judge":
        judged(load_corpus(args.corpus), args.run, args.seeds, args.pieces)
    else:
        table(args.runs)


if __name__ == "__main__":
    main()
