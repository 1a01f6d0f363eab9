"""``limner evaluate``: measure how well a model knows drawings it has not seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from limner.cli.arguments import CorpusName, Flag, ModelName, SplitName, parse
from limner.cli.report import say, say_json
from limner.errors import DataError


@dataclass(frozen=True)
class Arguments:
    """Measure likelihoods on a split, with z = mu; and where it has classes, how well they are found."""

    model: ModelName
    """A run folder, a .safetensors file, or the name of a shipped model."""
    data: CorpusName = None
    """A corpus; the model's own unless given."""
    split: SplitName = None
    """The split; test if there is one, else valid, else train."""
    convention: Literal["magenta-eval", "magenta-train", "end-once"] = "magenta-eval"
    """What L_R counts of the pen: real points only, all padding too, or one end row too."""
    json: Flag = False
    """Print one JSON object."""


def main(argv: list[str]) -> None:
    """Run the verb."""
    args = parse(Arguments, argv, "evaluate")
    from limner.cli.inputs import own_corpus
    from limner.corpus.pick import split_name
    from limner.evaluation.likelihood import likelihood
    from limner.evaluation.recognition import recognition
    from limner.sampling.model import load_model

    model = load_model(args.model)
    corpus = own_corpus(args.model, args.data)
    name = split_name(corpus, args.split)
    split = corpus.splits[name].relabelled(corpus.label_names, model.card.classes)
    if model.network.config.classes and (unknown := int((split.labels < 0).sum())):
        raise DataError(
            f"{unknown} drawings of the {name} split are of no class that {args.model} is told; name others "
            "with --data."
        )
    found, seen = likelihood(model, split, convention=args.convention), recognition(model, split)
    known = {} if seen is None else {key: x for key, x in asdict(seen).items() if x is not None}
    if args.json:
        say_json({"split": name, **asdict(found), **known})
        return
    say(f"{found.n} drawings of the {name} split")
    say(f"L_R                {found.recon:8.4f}   ({found.convention}, N_max {found.n_max})")
    say(f"L_KL               {found.kl:8.4f}")
    say(f"NLL per point      {found.nll_per_point:8.4f}   (model units)")
    say(f"NLL per point      {found.nll_per_point_corpus:8.4f}   (units of the corpus)")
    for key, (what, how) in _RECOGNITION.items():
        if key in known:
            say(f"{what:18} {known[key]:8.1%}   ({how})")


_RECOGNITION = {
    "class_top1": ("classes, top 1", "drawings whose class is the likeliest"),
    "class_top5": ("classes, top 5", "whose class is among the five likeliest"),
    "retrieval_map": ("retrieval, mAP", "drawings of the same class by the cosine of z"),
}
