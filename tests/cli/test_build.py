"""``limner build`` with recipes; what it refuses stands in test_bad_data.py and test_usage.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Limner, Refused

from limner.corpus.load import load_corpus
from limner.recipes.recipe import load_recipe, shipped_recipes


def write_raw(path: Path, n: int = 30) -> Path:
    drawings = [[[[0, 300, 300], [0, 0, 40 + i], [0, 9, 18]], [[5, 9], [60, 90], [30, 40]]] for i in range(n)]
    lines = [json.dumps({"word": "cat", "key_id": str(i), "drawing": d}) for i, d in enumerate(drawings)]
    path.write_text("\n".join(lines))
    return path


def test_what_was_chosen_is_built(limner: Limner, refused: Refused, tmp_path: Path) -> None:
    """Before the recipe: what is kept stays alone, and labels are given."""
    source = write_raw(tmp_path / "raw.ndjson")
    chosen = tmp_path / "chosen.csv"
    rows = [
        f"raw.ndjson#{i},{choice},{label}"
        for i, choice, label in ((3, "keep", "fox"), (5, "keep", ""), (7, "drop", ""))
    ]
    chosen.write_text("\n".join(["source,choice,label", *rows]))
    assert limner("build", source, "--choices", chosen, "--out", "a.parquet").code == 0
    corpus = load_corpus("a.parquet")
    assert sum(map(len, corpus.splits.values())) == 2
    assert set(corpus.label_names) == {"cat", "fox"}
    chosen.write_text("source,choice,label\nraw.ndjson#7,drop,\n")
    assert limner("build", source, "--choices", chosen, "--recipe", "quickdraw", "--out", "b.npz").code == 0
    assert sum(map(len, load_corpus("b.npz").splits.values())) == 29
    assert "choose" in Path("b.recipe.toml").read_text()
    chosen.write_text("source,choice,label\nraw.ndjson#7,perhaps,\n")
    refused("build", source, "--choices", chosen, "--out", "c.npz", names="chosen.csv, line 2")
    refused("build", source, "--choices", "nosuch.csv", "--out", "c.npz", names="nosuch.csv")


def test_recipes_are_listed(limner: Limner) -> None:
    said = limner("build", "--list-recipes")
    assert said.code == 0
    for name, what in shipped_recipes().items():
        assert f"{name} " in said.out
        assert what in said.out
    assert limner("build", "--list-recipes", "--json").json == shipped_recipes()


def test_a_recipe_is_copied_changed_and_used(limner: Limner, tmp_path: Path) -> None:
    source = write_raw(tmp_path / "raw.ndjson")
    said = limner("build", "--copy-recipe", "quickdraw")
    assert (said.code, said.out) == (0, "quickdraw.toml\n")
    recipe = Path("quickdraw.toml")
    recipe.write_text(recipe.read_text().replace("box = 255.0", "box = 60.0"))
    said = limner("build", source, "--recipe", recipe, "--out", "a.npz")
    assert said.code == 0
    assert "rescale" in said.out
    assert "report: a.report.html" in said.out
    corpus = load_corpus("a.npz")
    assert corpus.drawing("train", 0).bounds[2] == 60
    assert corpus.dtype == "int16"
    assert limner("build", "--copy-recipe", "quickdraw").code == 1
    assert limner("build", "--copy-recipe", "quickdraw", "--out", "other.toml").code == 0
    assert load_recipe("other.toml") == load_recipe("quickdraw")


def test_what_json_says_of_the_steps(limner: Limner, tmp_path: Path) -> None:
    source = write_raw(tmp_path / "raw.ndjson")
    facts: dict[str, Any] = limner(
        "build", source, "--recipe", "quickdraw", "--out", "a.parquet", "--json"
    ).json
    assert facts["recipe"] == "quickdraw"
    assert [step["step"] for step in facts["steps"]] == ["read", "rescale", "simplify", "quantise"]
    assert facts["steps"][0] == {"step": "read", "drawings": 30, "strokes": 60, "points": 150, "dropped": {}}
    assert Path(facts["files"]["report"]).is_file()
    assert facts["failures"] == {}


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ('[[step]]\nstep = "simplify"\nepsilom = 1.0\n', "'epsilon'"),
        ('[[step]]\nstep = "simplyfy"\n', "'simplify'"),
        ("sead = 1\n", "'seed'"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_nearest(
    refused: Refused, tmp_path: Path, text: str, nearest: str
) -> None:
    source, recipe = write_raw(tmp_path / "raw.ndjson"), tmp_path / "my.toml"
    recipe.write_text(text)
    sentence = refused("build", source, "--recipe", recipe, "--out", "a.npz", names="my.toml")
    assert f"did you mean {nearest}?" in sentence


def test_broken_files_in_a_folder_are_named_and_the_rest_is_built(limner: Limner, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b", "c", "d", "e"):
        write_raw(folder / f"{name}.ndjson")
    for name in ("b", "c", "d", "e"):
        (folder / f"{name}.ndjson").write_text("{broken")
    said = limner("build", folder, "--out", "a.parquet")
    assert said.code == 0
    lines = said.err.splitlines()
    assert "b.ndjson, line 1 is not JSON" in lines[0]
    assert len(lines) == 3
    assert sum(map(len, load_corpus("a.parquet").splits.values())) == 30


def test_a_folder_of_broken_files_is_refused(refused: Refused, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.ndjson").write_text("{broken")
    assert "no file can be read" in refused("build", folder, "--out", "a.parquet", names="a.ndjson")


@pytest.mark.slow
def test_a_seed_overrules_the_recipe_s(limner: Limner, tmp_path: Path) -> None:
    source = write_raw(tmp_path / "raw.ndjson", 60)
    kept = []
    for seed in ((), ("--seed", "0"), ("--seed", "5")):
        limner("build", source, "--recipe", "quickdraw", *seed, "--out", "a.parquet")
        kept.append(list(load_corpus("a.parquet").splits["test"].sources))
        assert f"seed = {seed[1] if seed else 0}\n" in Path("a.recipe.toml").read_text()
    assert kept[0] == kept[1] != kept[2]
