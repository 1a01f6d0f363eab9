"""``limner evaluate`` beyond likelihoods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.evaluation.toys import toy_corpus

from limner.corpus.doodles.make import make_doodles
from limner.corpus.npz_writer import write_npz

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

FEW = ("--samples", 20, "--features", "shape")


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("toys") / "toys.npz"
    write_npz(toy_corpus(60, 30), path)
    return path


@pytest.mark.slow
def test_what_always_comes(limner: Limner, toys: Path) -> None:
    found = limner("evaluate", "doodles", "--data", toys, "--json").json
    assert set(found["recon_by_convention"]) == {"magenta-train", "magenta-eval", "end-once"}
    assert found["recon"] == pytest.approx(found["recon_by_convention"]["magenta-eval"])
    assert found["intervals"]["kl"][0] <= found["kl"] <= found["intervals"]["kl"][1]
    assert not {"generation", "reconstruction", "novelty", "latents"} & set(found)
    said = limner("evaluate", "doodles", "--data", toys).out
    assert "NLL per point" in said
    assert "FID" not in said


@pytest.mark.slow
def test_groups_by_name(limner: Limner, toys: Path) -> None:
    found = limner(
        "evaluate", "doodles", "--data", toys, *FEW, "--metrics", "generation", "latents", "--json"
    )
    assert {"generation", "latents"} <= set(found.json)
    assert "novelty" not in found.json
    assert found.json["generation"]["protocol"].startswith("shape")
    assert found.json["generation"]["set_size"] == 20


@pytest.mark.slow
def test_everything_and_a_report(limner: Limner, toys: Path, work: Path) -> None:
    said = limner("evaluate", "doodles", "--data", toys, *FEW, "--out", "r.html")
    assert said.code == 0
    page = (work / "r.html").read_text(encoding="utf-8")
    assert "limner evaluate doodles" in page
    for word in ("fid", "real against real", "nearness", "dimensions of z", "reconstruction", "r.html"):
        assert word in said.out
    assert page.count("data:image/png") == 4


@pytest.mark.slow
def test_seeds_change_samples_only(limner: Limner, toys: Path) -> None:
    options = ("--data", toys, *FEW, "--metrics", "generation", "--json")
    one, same, other = (limner("evaluate", "doodles", *options, "--seed", seed).json for seed in (3, 3, 4))
    assert one == same
    assert one["generation"]["fid"] != other["generation"]["fid"]
    assert one["recon"] == other["recon"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--temperature", 0), "temperature"),
        (("--out", "r.txt"), "r.txt"),
        (("--metrics", "beauty"), "beauty"),
        (("--samples", 5), "samples"),
    ],
)
def test_wishes_that_make_no_sense(
    refused: Refused, toys: Path, options: tuple[object, ...], word: str
) -> None:
    assert word in refused("evaluate", "doodles", "--data", toys, *options, names=word, code=2)


def test_features_that_do_not_exist(refused: Refused, toys: Path) -> None:
    wish = ("--metrics", "generation", "--features", "sketches")
    assert "There are no features" in refused("evaluate", "doodles", "--data", toys, *wish, names="sketches")


def test_too_few_drawings_to_compare(limner: Limner, work: Path) -> None:
    from limner.corpus.corpus import Corpus, Split

    rows = [drawing.to_stroke3() for drawing in make_doodles(6, seed=1)]
    write_npz(Corpus({"test": Split.from_arrays(rows)}), work / "few.npz")
    found = limner("evaluate", "doodles", "--data", "few.npz", *FEW, "--metrics", "generation", "--json")
    assert "generation" not in found.json
