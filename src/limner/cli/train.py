"""``limner train``: train a network on a corpus."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from limner.cli.arguments import CorpusNames, Flag, parse, refuse
from limner.cli.console import progress_bar, say
from limner.cli.main import INTERRUPTED
from limner.cli.values import positive
from limner.errors import DataError, LimnerError, quote_list
from limner.files import whole_place
from limner.training.config import RunConfig
from limner.training.hparams import HParams
from limner.training.presets import PRESETS, find_preset
from limner.training.ranks import is_rank_zero
from limner.training.resolve import DERIVED, without_derived
from limner.training.run_folder import CONFIG_NAME, check_new, is_beginning, read_settings
from limner.training.run_lock import check_free
from limner.training.status import recording

if TYPE_CHECKING:
    from limner.training.run import TrainingOutcome

VERB = "train"


@dataclass(frozen=True)
class TrainArguments:
    """Learn to draw from one or several corpora.

    Ctrl-C, and a signal to end, end the training in good order; --resume goes on with it.
    """

    corpus: CorpusNames
    """Files or folders of any format that limner reads, or the name doodles."""
    out: Path
    """Folder of the run."""
    settings: Annotated[
        RunConfig, tyro.conf.arg(name=""), tyro.conf.FlagConversionOff, tyro.conf.UseAppendAction
    ] = field(default_factory=RunConfig)
    """Settings of the training."""
    preset: Annotated[str, tyro.conf.arg(metavar="NAME")] = "magenta"
    """Named settings to start from: magenta (sketch-rnn as published; from 10,000 drawings, a night), paper
    (large; from 50,000 drawings, a GPU for days), small-corpus (300 to 5,000 drawings, 1 to 4 hours), fast
    (any number of drawings, from 10 minutes to an evening), attention and transformer (fast with other
    networks; from 500 drawings, 1.5 and 4 times as long), sketchformer (from 5,000 drawings with classes, an
    evening), hand (1 to 1,000 drawings of one hand, over the model sketches; 10 minutes) or demo (toy
    doodles, 4 minutes). Times are those of two processor cores."""
    minutes: Annotated[float | None, positive(), tyro.conf.arg(help_behavior_hint="")] = None
    """End after so many minutes, or at --max-steps, whichever comes first; in that time the learning rate
    falls and the weight of L_KL rises."""
    config: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """A TOML file of settings, over the preset."""
    hparams: Annotated[str, tyro.conf.arg(metavar="K=V,...", help_behavior_hint="")] = ""
    """Settings in sketch-rnn's words of 2017, as in "enc_rnn_size=128,dec_model=hyper", over both."""
    resume: Flag = False
    """Go on with the run in --out, with its own settings unless others are given; one that ended before its
    first checkpoint begins again."""
    quiet: Flag = False
    """Show no progress."""
    licence: Annotated[str, tyro.conf.arg(help_behavior_hint="")] = ""
    """Terms of the weights, to stand in their header."""


def main(argv: list[str]) -> int:
    """Run the verb."""
    _refuse_derived(argv)
    settings, named = _base(argv)
    default = TrainArguments(corpus=tyro.MISSING, out=tyro.MISSING, settings=settings)
    args = parse(TrainArguments, argv, VERB, default, hidden=DERIVED)
    names = args.corpus or named
    if not names:
        refuse(VERB, "CORPUS is missing")
    if args.settings.train.init_from and args.settings.model != settings.model:
        refuse(VERB, "--train.init-from brings a network of its own; leave --model.* alone")
    if is_rank_zero():
        _check_folder(args)
    outcome = _train(args, names)
    if not is_rank_zero():
        return 0
    say(f"{outcome.sentence}: {args.out / 'model.safetensors'}")
    if outcome.interrupted:
        say(f"Interrupted. Go on with: limner train {' '.join(names)} --out {args.out} --resume")
        return INTERRUPTED
    return 0


def _refuse_derived(argv: list[str]) -> None:
    """Refuse options for settings that follow from the corpus, and say what there is to do instead."""
    given = {word.partition("=")[0].replace("_", "-") for word in argv}
    for name, instead in DERIVED.items():
        option = f"--{name.replace('_', '-')}"
        if option in given:
            refuse(VERB, f"{option} follows from the corpus and is no option; {instead}")


def _check_folder(args: TrainArguments) -> None:
    """Refuse a folder that cannot be used before the corpus is read."""
    check_free(args.out)
    if not args.resume:
        check_new(args.out)
    elif is_beginning(args.out):
        say(f"{args.out} ended before its first checkpoint; it begins again.")


def _train(args: TrainArguments, names: tuple[str, ...]) -> TrainingOutcome:
    from limner.training.data_cache import load_training_data
    from limner.training.run import train

    shown = is_rank_zero() and not args.quiet
    with recording(args.out), progress_bar("Reading", shown=shown) as progress:
        data = load_training_data(
            names, hold_out=args.settings.train.hold_out, pen=args.settings.pen, progress=progress
        )
    return train(
        data,
        args.out,
        args.settings,
        corpus_names=[str(whole_place(name)) for name in names],
        resume=args.resume,
        seconds=None if args.minutes is None else 60 * args.minutes,
        fitted=args.minutes is not None,
        licence=args.licence,
        quiet=args.quiet,
    )


def _base(argv: list[str]) -> tuple[RunConfig, tuple[str, ...]]:
    """Return the settings that options change, and the corpora that stand in ``--hparams``.

    Those are a preset or the settings of the resumed run, then a file, then the keys of 2017.
    """
    first = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    first.add_argument("--preset", default="magenta")
    first.add_argument("--config", type=Path)
    first.add_argument("--hparams", default="")
    first.add_argument("--out", type=Path)
    first.add_argument("--resume", action="store_true")
    try:
        known, _ = first.parse_known_args(argv)
    except argparse.ArgumentError as error:  # its only reason: an option without its value
        refuse(VERB, f"{error.argument_name} needs a value")
    try:
        settings = find_preset(known.preset)
    except LimnerError:
        names = quote_list(tuple(PRESETS)).replace(" and ", " or ")
        refuse(VERB, f"there is no preset {known.preset!r}; choose {names}")
    if known.resume and known.out is not None and (known.out / CONFIG_NAME).is_file():
        settings = read_settings(known.out / CONFIG_NAME, RunConfig())
    if known.config is not None:
        settings = read_settings(known.config, settings, own=True)
    settings = without_derived(settings)
    try:
        hparams = HParams.read(known.hparams)
        return hparams.over(settings), hparams.data_set
    except DataError as error:
        refuse(VERB, str(error))
