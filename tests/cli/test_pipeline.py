"""The whole road on a tiny corpus: inspect, build, train, evaluate, draw."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from limner.corpus.load import load_corpus
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused, SaveNpz

EVALUATION = [
    *("split", "n", "n_max", "convention", "recon", "kl", "nll_per_point", "nll_per_point_corpus"),
]


def is_picture(path: Path) -> bool:
    """Read a picture to its end; tell whether it shows anything."""
    if path.suffix == ".svg":
        return any(element.tag.endswith("path") for element in ElementTree.parse(path).iter())
    with Image.open(path) as image:
        assert image.format == path.suffix[1:].upper()
        frames = getattr(image, "n_frames", 1)
        image.seek(frames - 1)
        low, high = image.convert("L").getextrema()
        assert isinstance(low, (int, float))
        assert isinstance(high, (int, float))
        return low < high


# Corpora -----------------------------------------------------------------------------------------


def test_info(limner: Limner, npz: Path) -> None:
    said = limner("data", "info", npz, "--json")
    assert (said.code, said.err) == (0, "")
    corpus = load_corpus(npz)
    lengths = corpus.splits["train"].lengths
    assert set(said.json) == {"splits", "n_max", "scale_factor", "dtype", "notes"}
    assert list(said.json["splits"]) == ["train", "valid", "test"]
    assert said.json["splits"]["train"] == {
        "n": 20,
        "points_mean": pytest.approx(lengths.mean()),
        "points_max": lengths.max(),
        "strokes_mean": pytest.approx(corpus.splits["train"].strokes_mean),
    }
    assert (said.json["n_max"], said.json["dtype"]) == (corpus.n_max, "int16")
    assert said.json["scale_factor"] == pytest.approx(corpus.scale_factor)


def test_info_for_people(limner: Limner, npz: Path) -> None:
    said = limner("data", "info", npz)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[1].split()[:2] == ["train", "20"]
    assert "N_max" in said.out
    assert "scale factor" in said.out


def test_list(limner: Limner) -> None:
    entries = limner("data", "list", "--json").json
    assert {"sheep", "kanji", "omniglot", "quickdraw/cat"} <= set(entries)
    assert entries["sheep"]["licence"] == "CC BY-NC 4.0"
    assert set(limner("data", "list", "sheep", "--json").json) == {"sheep", "quickdraw/sheep"}
    assert limner("data", "list", "omniglot").out.splitlines()[1].split()[:2] == ["omniglot", "MIT"]


def test_build_and_back(limner: Limner, npz: Path, doodles: list[Any]) -> None:
    assert limner("build", npz, "--out", "a.parquet", "--json").json["kept"] == 30
    assert limner("build", "a.parquet", "--out", "b.npz", "--json").json["kept"] == 30
    with np.load("b.npz", allow_pickle=True, encoding="latin1") as again:
        assert [rows.tolist() for rows in again["train"]] == [rows.tolist() for rows in doodles[:20]]


def test_build_joins_sources(limner: Limner, npz: Path, svg: Path) -> None:
    said = limner("build", npz, svg, "--out", "both.npz")
    assert (said.code, said.err) == (0, "")
    assert load_corpus("both.npz").splits["train"].lengths[-1] == 4
    assert "N_max" in said.out


def test_a_corpus_of_one_drawing_is_valid(limner: Limner, svg: Path) -> None:
    assert limner("build", svg, "--out", "one.npz", "--json").json["kept"] == 1
    assert limner("data", "info", "one.npz", "--json").json["splits"]["train"]["n"] == 1


def test_get_takes_from_a_mirror_only_what_is_right(
    limner: Limner, npz: Path, tmp_path: Path, save_npz: SaveNpz, work: Path
) -> None:
    mirror = tmp_path / "mirror" / "deep"
    mirror.mkdir(parents=True)
    shutil.copy(npz, mirror / "kanji.rdp100.npz")
    said = limner("data", "get", "kanji-rdp100", "--mirror", mirror.parent, "--cache-dir", "cache")
    assert (said.code, said.out, said.err) == (0, "cache/kanji.rdp100.npz\n", "")
    assert (work / "cache/kanji.rdp100.npz").read_bytes() == npz.read_bytes()
    save_npz(mirror / "aaron_sheep.npz", train=[np.array([[1, 2, 1]])])
    said = limner("data", "get", "sheep", "--mirror", mirror, "--cache-dir", "other")
    assert said.code == 1
    assert "aaron_sheep.npz" in said.err
    assert not (work / "other").exists()


def test_get_of_what_is_not_there(limner: Limner, tmp_path: Path) -> None:
    said = limner("data", "get", "sheeep", "--mirror", tmp_path)
    assert (said.code, said.out) == (1, "")
    assert "did you mean sheep?" in said.err
    assert limner("data", "get", "sheep", "--mirror", tmp_path / "no").code == 1


# Evaluation --------------------------------------------------------------------------------------


def test_evaluate(limner: Limner, run: Path) -> None:
    said = limner("evaluate", run, "--json")
    assert (said.code, said.err) == (0, "")
    assert list(said.json)[: len(EVALUATION)] == EVALUATION
    assert (said.json["split"], said.json["n"], said.json["convention"]) == ("test", 5, "magenta-eval")
    assert said.json["kl"] > 0
    assert said.json["nll_per_point_corpus"] > said.json["nll_per_point"]


@pytest.mark.slow
def test_evaluate_another_split_convention_or_corpus(limner: Limner, run: Path, npz: Path) -> None:
    masked = limner("evaluate", run, "--split", "valid", "--json").json
    padded = limner("evaluate", run, "--split", "valid", "--convention", "magenta-train", "--json").json
    assert (masked["split"], masked["n"]) == ("valid", 5)
    assert padded["recon"] > masked["recon"]
    assert padded["nll_per_point"] == masked["nll_per_point"]
    assert (
        limner("evaluate", run / "model.safetensors", "--data", npz, "--split", "valid", "--json").json
        == masked
    )


def test_evaluate_for_people(limner: Limner, run: Path) -> None:
    said = limner("evaluate", run)
    assert (said.code, said.err) == (0, "")
    assert "5 drawings of the test split" in said.out
    assert "N_max" in said.out


def test_a_decoder_alone_has_no_kl(limner: Limner, decoder_run: Path) -> None:
    assert limner("evaluate", decoder_run, "--json").json["kl"] == 0


@pytest.mark.slow
def test_a_run_moved_elsewhere_still_knows_its_corpus(
    limner: Limner, run: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = limner("evaluate", run, "--json").json
    shutil.copytree(run, work / "elsewhere" / "moved")
    monkeypatch.chdir(work / "elsewhere")
    assert limner("evaluate", "moved", "--json").json == before
    monkeypatch.chdir("moved")
    assert limner("evaluate", ".", "--json").json == before


# Drawing -----------------------------------------------------------------------------------------

VERBS = {
    "sample": ("-n", 3),
    "reconstruct": ("-n", 3),
    "complete": ("-n", 3),
    "interpolate": ("--steps", 3),
}


@pytest.mark.slow
@pytest.mark.parametrize("out", ["x.svg", "x.png", "x.gif", "x.PNG", "new/folder/x.svg"])
@pytest.mark.parametrize("verb", VERBS)
def test_pictures(limner: Limner, run: Path, verb: str, out: str) -> None:
    said = limner(verb, run, *VERBS[verb], "--out", out)
    assert (said.code, said.err) == (0, "")
    assert out in said.out
    path = Path(out)
    assert is_picture(path.rename(path.with_suffix(path.suffix.lower())))


@pytest.mark.parametrize("verb", VERBS)
def test_a_folder_of_drawings(limner: Limner, run: Path, verb: str) -> None:
    assert limner(verb, run, *VERBS[verb], "--out", "many").code == 0
    files = sorted(path.name for path in Path("many").iterdir())
    assert files == [f"{i:04d}.svg" for i in range(len(files))]
    assert len(files) >= 3


@pytest.mark.parametrize("verb", VERBS)
def test_a_corpus_of_drawings(limner: Limner, run: Path, verb: str) -> None:
    said = limner(verb, run, *VERBS[verb], "--out", "drawn.npz")
    assert (said.code, said.err) == (0, "")
    n = limner("data", "info", "drawn.npz", "--json").json["splits"]["train"]["n"]
    assert said.out.startswith(f"{n} ")


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_the_same_seed_draws_the_same(limner: Limner, run: Path, verb: str) -> None:
    for seed, out in ((1, "a.svg"), (1, "b.svg"), (2, "c.svg")):
        assert limner(verb, run, *VERBS[verb], "--seed", seed, "--out", out).code == 0
    a, b, c = (Path(f"{name}.svg").read_bytes() for name in "abc")
    assert a == b != c


def test_one_drawing_is_said_to_be_one(limner: Limner, run: Path) -> None:
    assert limner("sample", run, "--out", "x.svg").out == "1 drawing in x.svg\n"
    assert limner("sample", run, "-n", 2, "--out", "x.svg").out == "2 drawings in x.svg\n"


@pytest.mark.slow
def test_default_output(limner: Limner, run: Path, work: Path) -> None:
    for verb in VERBS:
        assert limner(verb, run).code == 0
    names = ["completions.svg", "interpolation.svg", "reconstructions.svg", "samples.svg"]
    assert sorted(path.name for path in work.iterdir()) == names


def test_greedy_drawings_differ_in_their_latents_only(limner: Limner, run: Path, decoder_run: Path) -> None:
    assert limner("sample", decoder_run, "-n", 3, "--greedy", "--out", "one").code == 0
    one, *others = (Drawing.from_svg(path).points for path in Path("one").iterdir())
    assert all(np.allclose(one[:20], other[:20], atol=0.1) for other in others)
    assert limner("sample", run, "-n", 3, "--greedy", "--out", "many").code == 0
    assert len({path.read_bytes() for path in Path("many").iterdir()}) == 3


def test_greedy_reconstructions_need_no_seed(limner: Limner, run: Path, npz: Path) -> None:
    for seed in (1, 2):
        drawn = f"{seed}.svg"
        assert limner("reconstruct", run, f"{npz}#0", "--greedy", "--seed", seed, "--out", drawn).code == 0
    assert Path("1.svg").read_bytes() == Path("2.svg").read_bytes()


def test_drawings_stop_at_max_points(limner: Limner, run: Path) -> None:
    limner("sample", run, "-n", 5, "--max-points", 4, "--out", "short.npz")
    assert limner("data", "info", "short.npz", "--json").json["n_max"] <= 4


def test_drawings_reach_min_points(limner: Limner, run: Path, svg: Path) -> None:
    """Of a model that would end at once, too; a completion counts its beginning."""
    limner("sample", run, "-n", 5, "--min-points", 9, "--max-points", 20, "--out", "long.npz")
    assert min(map(len, load_corpus("long.npz").splits["train"])) >= 9
    limner("complete", run, svg, "-n", 5, "--min-points", 9, "--max-points", 20, "--out", "ways.npz")
    assert min(map(len, load_corpus("ways.npz").splits["train"])) >= 9


def test_rules_of_temperature_differ(limner: Limner, run: Path) -> None:
    for rules in ("paper", "magenta", "js"):
        assert limner("sample", run, "-n", 8, "--convention", rules, "--out", f"{rules}.svg").code == 0
    assert len({Path(f"{rules}.svg").read_bytes() for rules in ("paper", "magenta", "js")}) == 3


@pytest.mark.parametrize("which", ["", "#0", "#train/3", "#valid/0"])
def test_named_drawings(limner: Limner, run: Path, npz: Path, svg: Path, which: str) -> None:
    name = f"{npz}{which}" if which else svg
    assert limner("reconstruct", run, name, svg, "--only", "--out", "pair").code == 0
    assert len(list(Path("pair").iterdir())) == 2
    assert limner("interpolate", run, name, svg, "--steps", 2, "--way", "lerp").code == 0


def test_completions_keep_the_ink(limner: Limner, run: Path, svg: Path) -> None:
    given = Drawing.from_svg(svg)
    assert limner("complete", run, svg, "-n", 3, "--out", "ways").code == 0
    beginning, *ways = (Drawing.from_svg(path) for path in sorted(Path("ways").iterdir()))
    assert np.allclose(beginning.points, given.points, atol=0.01)
    assert len(ways) == 3
    for way in ways:
        assert np.allclose(way.points[:4], given.points, atol=0.01)
        assert np.allclose(way.strokes[0], given.strokes[0], atol=0.01)


def test_completions_can_go_on_with_the_stroke(limner: Limner, run: Path, svg: Path) -> None:
    """In the model's colour, from the end of the ink on."""
    same = ("complete", run, svg, "-n", 3, "--same-stroke", "--temperature", 1, "--out", "ways")
    assert limner(*same).code == 0
    _, *ways = (Drawing.from_svg(path) for path in sorted(Path("ways").iterdir()))
    begun = [way.strokes[1][0] - way.strokes[0][-1] for way in ways if len(way.strokes) > 1]
    assert np.allclose(begun, 0, atol=0.01)
    assert limner(*same[:-1], "ways.npz").code == 0
    goes_on = [len(rows) > 4 and not rows[3, 2] for rows in load_corpus("ways.npz").splits["train"]]
    assert any(goes_on)


def test_a_share_of_a_drawing_is_completed(limner: Limner, run: Path, npz: Path) -> None:
    drawing = load_corpus(npz).drawing("test", 0)
    for share, name in ((0.5, "half"), (1, "whole")):
        limner("complete", run, f"{npz}#0", "-n", 1, "--share", share, "--out", name)
        beginning = Drawing.from_svg(Path(name) / "0000.svg")
        assert beginning.n_points == round(drawing.n_points * share)


def test_ink_as_long_as_the_longest_is_completed(limner: Limner, run: Path) -> None:
    points = " ".join(f"{10 * (k % 7)},{7 * (k % 11) + k}" for k in range(400))
    line = f'<polyline fill="none" stroke="black" points="{points}"/>'
    Path("long.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{line}</svg>')
    assert limner("complete", run, "long.svg", "-n", 3, "--temperature", 1, "--out", "ways").code == 0
    beginning, *ways = (Drawing.from_svg(path).n_points for path in sorted(Path("ways").glob("*.svg")))
    assert beginning == 400
    assert min(ways) > 400


def test_a_finished_drawing_is_completed_all_the_same(limner: Limner) -> None:
    """Something is added to each, and that the model would end here is said apart."""
    said = limner("complete", "doodles", "--share", 1, "-n", 3, "--out", "ways")
    assert said.out.strip() == "3 completions in ways"
    assert "takes this drawing for finished" in said.err
    beginning, *ways = (Drawing.from_svg(path) for path in sorted(Path("ways").glob("*.svg")))
    assert all(way.n_points > beginning.n_points for way in ways)
    begun = limner("complete", "doodles", "--share", 0.3, "-n", 1, "--out", "x.svg")
    assert not begun.err


def test_a_shipped_model_without_its_corpus_asks_for_a_drawing(refused: Refused) -> None:
    from limner.models.weights import shipped_names

    for name in set(shipped_names()) - {"doodles"}:
        refused("complete", name, names="give a drawing, such as begun.svg, or a corpus with --data")


def test_a_decoder_alone_completes(limner: Limner, decoder_run: Path, svg: Path) -> None:
    assert limner("complete", decoder_run, svg, "-n", 2, "--unit", 0.1, "--out", "x.png").code == 0
    assert is_picture(Path("x.png"))


@pytest.mark.slow
def test_the_ends_of_an_interpolation_are_reconstructions(limner: Limner, run: Path, npz: Path) -> None:
    pair = (f"{npz}#0", f"{npz}#1")
    limner("interpolate", run, *pair, "--steps", 3, "--greedy", "--out", "path")
    limner("reconstruct", run, *pair, "--only", "--greedy", "--out", "ends")
    path, ends = (
        [Drawing.from_svg(file) for file in sorted(Path(name).iterdir())] for name in ("path", "ends")
    )
    for drawn, redrawn in zip((path[0], path[2]), ends, strict=True):
        assert np.allclose(drawn.points[:3], redrawn.points[:3], atol=0.1)


def test_animate(limner: Limner, npz: Path, svg: Path) -> None:
    said = limner("animate", svg, "--out", "a.gif", "--seconds", 1, "--fps", 10, "--size-px", 64)
    assert (said.code, said.out, said.err) == (0, "a.gif\n", "")
    assert (
        limner("animate", f"{npz}#train/2", "--out", "b.gif", "--seconds", 0.5, "--hold-seconds", 0).code == 0
    )
    with Image.open("a.gif") as image:
        assert image.size == (64, 64)
        ink = []
        for frame in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(frame)
            ink.append(int((np.asarray(image.convert("L")) < 128).sum()))
    assert 8 <= len(ink) <= 12
    assert ink[0] < ink[len(ink) // 2] < ink[-1]


@pytest.mark.slow
def test_bench(limner: Limner) -> None:
    said = limner("bench", "sample", "--drawings", 2, "--points", 3, "--json")
    assert (said.code, said.err) == (0, "")
    assert set(said.json) >= {"drawings", "points", "batch_seconds", "single_seconds", "ratio"}
    kinds = {"sketch_rnn", "transformer", "sketchformer", "sketchformer_words"}
    assert set(said.json["cached_speedup"]) == kinds
    assert "times as fast" in limner("bench", "sample", "--drawings", 1, "--points", 2).out


@pytest.mark.slow
def test_bench_train(limner: Limner) -> None:
    """The keys are a contract."""
    sizes = ("--encoder-size", 8, "--decoder-size", 16, "--batch-size", 3, "--points", 5)
    said = limner("bench", "train", "--cells", "layer_norm", *sizes, "--steps", 1, "--rounds", 1, "--json")
    assert said.code == 0
    assert "round 1 of 1: layer_norm, engine" in said.err
    assert set(said.json) == {"cells", "bound"}
    assert said.json["bound"]["layer_norm"]["seconds"] > 0
    keys = {"cell", "engine", "recurrent_dropout", "precision", "seconds", "sketches_per_s"}
    for cell in said.json["cells"]:
        assert set(cell) >= keys | {"speedup_over_reference", "share_of_bound", "peak_rss_mb"}
    assert [cell["engine"] for cell in said.json["cells"]] == [True, False]


@pytest.mark.slow
def test_draws_by_class(limner: Limner, refused: Refused) -> None:
    small = ("--model.encoder.size", 8, "--model.decoder.size", 16, "--train.batch-size", 8)
    assert (
        limner("train", "doodles", "--out", "run", *small, "--max-steps", 2, "--train.by-class", True).code
        == 0
    )
    assert limner("sample", "run", "-n", 3, "--label", "cat", "--out", "cats.npz").code == 0
    assert limner("evaluate", "run", "--json").code == 0
    assert "did you mean 'cat'" in refused("sample", "run", "--label", "cta", "--out", "x.svg", names="cta")
