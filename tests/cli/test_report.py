"""``limner report`` as it is typed."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Limner, Refused


def test_two_runs(limner: Limner, run: Path, decoder_run: Path) -> None:
    said = limner("report", run, decoder_run, "--out", "both.html")
    assert said.code == 0, said.err
    assert "both.html" in said.out
    assert "conditional" in said.out
    page = Path("both.html").read_text()
    assert "2 runs beside each other" in page
    assert "model.conditional" in page


def test_json(limner: Limner, run: Path, decoder_run: Path) -> None:
    found = limner("report", run, decoder_run, "--json").json
    assert Path(found["report"]) == Path("report.html")
    assert Path("report.html").is_file()
    assert found["settings"]["model.conditional"] == [True, False]
    assert [one["run"] for one in found["runs"]] == [str(run), str(decoder_run)]
    assert all(one["steps"] == 40 for one in found["runs"])


def test_refusals(refused: Refused, run: Path, tmp_path: Path) -> None:
    refused("report", names="name at least one run", code=2)
    refused("report", tmp_path / "nothing", names="is no run: it has no config.toml")
    refused("report", run, run, names="is named twice")
    refused("report", run, "--out", tmp_path, names="is a folder")
