"""Look over a corpus, keep what belongs together, and build a corpus of it.

python examples/curate_a_corpus.py OUT
"""

from __future__ import annotations

import argparse
from pathlib import Path

import limner


def main(out: Path, corpus_name: str) -> None:
    """Cluster a corpus, write a map to look at, keep the largest cluster, and simplify its drawings."""
    whole = limner.load_corpus(corpus_name)
    features = limner.curate.embed(whole)
    clusters = limner.curate.cluster(features, k=6, seed=1)
    limner.curate.map(whole, out / "map", features=features, clusters=clusters, title=corpus_name)
    largest = next(iter(clusters.sizes))
    kept = limner.curate.filter(whole, clusters.members([str(largest)]))
    (out / "simplify.toml").write_text('[[step]]\nstep = "simplify"\nepsilon = 2.0\n', encoding="utf-8")
    some = [kept.drawing("train", i) for i in range(min(12, len(kept.splits["train"])))]
    limner.sheet(limner.apply_recipe(out / "simplify.toml", some), columns=4).save(out / "kept.svg")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", default="doodles")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    main(arguments.out, arguments.corpus)
