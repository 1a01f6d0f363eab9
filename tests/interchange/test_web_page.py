"""The page's own arithmetic, in Node, and the page itself, in a browser without a network."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.errors import LimnerError
from limner.interchange.web_page import write_web_page
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import CellName, DecoderConfig, ModelConfig
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.weights import Card, find_weights, load_weights, shipped_names
from limner.sampling.config import SamplingConfig
from limner.sampling.guidance import guide
from limner.sampling.model import load_model
from limner.strokes.formats import stroke3_to_stroke5
from limner.strokes.simplify import kept_mask

if TYPE_CHECKING:
    from playwright.sync_api import Page

MakeNetwork = Callable[..., SketchModel]
MakeCard = Callable[..., Card]
NODE = Path(__file__).parent / "node"
NAMES = {
    "pi": "pi",
    "muX": "mu_x",
    "muY": "mu_y",
    "sigmaX": "sigma_x",
    "sigmaY": "sigma_y",
    "rho": "rho",
    "pen": "pen",
}
POINTS = [[0, 0, 1, 0, 0], [0.5, -0.2, 1, 0, 0], [1.5, 0.1, 0, 1, 0], [-0.7, 2, 1, 0, 0]]
ROWS = np.array([[10, -4, 0], [30, 2, 0], [-8, 40, 1], [-25, -60, 0], [3, 9, 1]], np.float32)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def _runtime(folder: Path, **request: Any) -> dict[str, Any]:
    command = ["node", "runtime.mjs", str(folder / "limner.js"), str(folder / "model.json")]
    text = json.dumps({"points": [], **request})
    done = subprocess.run(command, cwd=NODE, input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


# The arithmetic ----------------------------------------------------------------------------------


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize(
    ("cell", "sigma"),
    [("lstm", "exp"), ("layer_norm", "exp"), ("hyper", "exp"), ("lstm", "softplus"), ("lstm", "elu")],
)
@pytest.mark.parametrize("conditional", [True, False])
def test_the_runtime_says_what_torch_says(
    make_network: MakeNetwork,
    make_card: MakeCard,
    tmp_path: Path,
    conditional: bool,
    cell: CellName,
    sigma: str,
) -> None:
    """Up to the rounding of weights to int16."""
    least = 0.0 if sigma == "exp" else 0.01
    network = make_network(conditional, cell, sigma=sigma, sigma_min=least, components=3)
    write_web_page(network, make_card(network), tmp_path)
    z = [0.3, -1.0, 0.8, 2.0] if conditional else None
    rows = stroke3_to_stroke5(ROWS, len(ROWS))
    told = _runtime(tmp_path, points=POINTS, z=z, rows=rows.tolist())
    with torch.no_grad():
        state = network.begin(1, torch.tensor([z]) if z else None)
        for point, mixture in zip(POINTS, told["mixtures"], strict=True):
            wanted, state = network.step(torch.tensor([point], dtype=torch.float32), state)
            for theirs, ours in NAMES.items():
                np.testing.assert_allclose(mixture[theirs], getattr(wanted, ours)[0], rtol=2e-3, atol=1e-3)
        if conditional:
            latent = network.encode(pad_batch([ROWS], scale_factor=20.0))
            np.testing.assert_allclose(told["z"], latent.mu[0], atol=1e-3)
    np.testing.assert_allclose(told["back"], rows, atol=1e-4)


@needs_node
@pytest.mark.parametrize(("start", "least"), [(True, 0), (False, 3), (True, 12)])
def test_networks_of_other_programs(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, start: bool, least: int
) -> None:
    """z through tanh on its way to the first state; an encoder that reads the start token and end rows."""
    like = make_network(True, latent_tanh=True, components=3)
    encoder = replace(like.config.encoder, reads_start=start, rows=least)
    network = build_model(replace(like.config, encoder=encoder)).eval()
    network.load_state_dict(like.state_dict())
    write_web_page(network, make_card(network), tmp_path)
    z, rows = [0.3, -2.0, 0.8, 2.0], stroke3_to_stroke5(ROWS, len(ROWS))
    told = _runtime(tmp_path, points=POINTS, z=z, rows=rows.tolist())
    with torch.no_grad():
        state = network.begin(1, torch.tensor([z]))
        wanted, _ = network.step(torch.tensor(POINTS[:1], dtype=torch.float32), state)
        latent = network.encode(pad_batch([ROWS], scale_factor=20.0))
    np.testing.assert_allclose(told["mixtures"][0]["muX"], wanted.mu_x[0], rtol=2e-3, atol=1e-3)
    np.testing.assert_allclose(told["z"], latent.mu[0], atol=1e-3)


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize("cell", ["lstm", "hyper"])
def test_networks_that_are_told_classes(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, cell: CellName, conditional: bool
) -> None:
    """By name; without one the class "anything", where there is one, else the first."""
    network = make_network(conditional, cell, classes=3, components=3)
    z = [0.3, -1.0, 0.8, 2.0] if conditional else None
    for names, label, number in [
        (("cat", "anything", "dog"), "dog", 2),
        (("cat", "anything", "dog"), None, 1),
        (("cat", "bus", "dog"), None, 0),
    ]:
        write_web_page(network, make_card(network, classes=names), tmp_path / "web")
        wish = {"label": label} if label else {}
        told = _runtime(tmp_path / "web", points=POINTS, z=z, **wish)
        shutil.rmtree(tmp_path / "web")
        with torch.no_grad():
            state = network.begin(1, torch.tensor([z]) if z else None, torch.tensor([number]))
            for point, mixture in zip(POINTS, told["mixtures"], strict=True):
                wanted, state = network.step(torch.tensor([point], dtype=torch.float32), state)
                np.testing.assert_allclose(mixture["muX"], wanted.mu_x[0], rtol=2e-3, atol=1e-3)


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("temperature", [0.4, 1.0])
def test_what_is_chosen_from(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, temperature: float
) -> None:
    """The probabilities of steady and of guided sampling are those that limner samples from."""
    network = make_network(False, classes=3, components=8)
    write_web_page(network, make_card(network, classes=("anything", "cat", "dog")), tmp_path)
    config = SamplingConfig(temperature, convention="steady", guidance=1.5)
    sampling = {"convention": "steady", "temperature": temperature, "guidance": 1.5}
    told = _runtime(tmp_path, points=POINTS, label="dog", sampling=sampling, chances=True)["chances"]
    dog, anything = (_mixture_after(network, number) for number in (2, 0))
    led = guide(dog, anything, 1.5)
    for name, logits in [
        ("pens", dog.log_pen),
        ("components", dog.log_pi),
        ("guidedPens", led.log_pen),
        ("guidedComponents", led.log_pi),
    ]:
        wanted = _nucleus(logits.softmax(-1)[0], config.nucleus)
        np.testing.assert_allclose(told[name], wanted, atol=2e-3)
    assert told["spread"] == config.sigma_scale


def _mixture_after(network: SketchModel, number: int) -> Mixture:
    with torch.no_grad():
        state = network.begin(1, None, torch.tensor([number]))
        for point in POINTS:
            mixture, state = network.step(torch.tensor([point], dtype=torch.float32), state)
    return mixture


def _nucleus(probabilities: torch.Tensor, share: float) -> NDArray[np.float32]:
    """Keep the likeliest that together reach a share."""
    values = probabilities.numpy()
    order = np.argsort(-values)
    before = np.concatenate([[0], values[order].cumsum()[:-1]])
    kept = np.zeros_like(values)
    kept[order[before < share]] = values[order[before < share]]
    return kept


@pytest.mark.slow
@needs_node
def test_the_card_says_how_the_model_draws(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path
) -> None:
    """Unless told otherwise: with its own sampling, guided where a class is named."""
    network = make_network(False, classes=2, components=4)
    own = {"convention": "steady", "temperature": 0.5, "guidance": 50, "min_points": 4}
    card = make_card(network, classes=("anything", "cat"), n_max=20, sampling=own)
    write_web_page(network, card, tmp_path)
    every = {**own, "minPoints": 4}
    wish = {"label": "cat", "drawings": 3}
    drawn = _runtime(tmp_path, **wish, sampling={})["drawings"]
    assert all(len(rows) >= 4 for rows in drawn)
    assert drawn == _runtime(tmp_path, **wish, sampling=every)["drawings"]
    assert drawn != _runtime(tmp_path, **wish, sampling=every | {"guidance": 0})["drawings"]


@pytest.mark.slow
@needs_node
def test_large_networks_are_rounded_to_eight_bits(
    make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the text, and nearly the same distribution."""
    torch.manual_seed(0)
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=96, components=3))
    network = build_model(config).eval()
    card = make_card(network)
    write_web_page(network, card, tmp_path / "small")
    monkeypatch.setattr("limner.interchange.web_weights.SMALL_NETWORK", 1000)
    write_web_page(network, card, tmp_path / "large")
    small, large = ((tmp_path / name / "model.json").stat().st_size for name in ("small", "large"))
    assert large < 0.6 * small
    told = _runtime(tmp_path / "large", points=POINTS)["mixtures"]
    with torch.no_grad():
        state = network.begin(1)
        for point, mixture in zip(POINTS, told, strict=True):
            wanted, state = network.step(torch.tensor([point], dtype=torch.float32), state)
            np.testing.assert_allclose(mixture["pi"], wanted.pi[0], atol=5e-3)
            np.testing.assert_allclose(mixture["muX"], wanted.mu_x[0], atol=5e-3)


@pytest.mark.slow
@needs_node
def test_completions_are_never_empty(make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path) -> None:
    """A model that is sure that the drawing is over draws as many points as are asked for."""
    network = make_network(False)
    with torch.no_grad():
        network.get_parameter("decoder.output.bias")[2] = 50.0
    write_web_page(network, make_card(network), tmp_path)
    rows = stroke3_to_stroke5(ROWS, len(ROWS)).tolist()
    assert _runtime(tmp_path, drawings=1, rows=rows)["completions"] == [[]]
    least = _runtime(tmp_path, drawings=1, rows=rows, minPoints=len(rows) + 3)["completions"]
    assert [len(one) for one in least] == [3]


@pytest.mark.slow
@needs_node
def test_the_shipped_model_draws_and_completes(tmp_path: Path) -> None:
    """As large as limner's own drawings, with as many points, and to an end; the same for the same seed."""
    network, card = load_weights(find_weights("doodles"))
    write_web_page(network, card, tmp_path)
    ours = load_model("doodles").sample(40, temperature=0.3)
    cat = ours[0].to_stroke5()[:6].tolist()
    told = _runtime(tmp_path, drawings=40, rows=cat)
    points = [np.cumsum(np.array(rows)[:, :2], axis=0) for rows in told["drawings"]]
    sizes = [np.ptp(p, axis=0).max() for p in points]
    assert np.median(sizes) == pytest.approx(
        np.median([np.ptp(d.points, axis=0).max() for d in ours]), rel=0.15
    )
    assert np.mean([len(p) for p in points]) == pytest.approx(np.mean([d.n_points for d in ours]), rel=0.3)
    assert sum(len(p) < card.n_max for p in points) > 35
    assert all(len(cat) + len(rows) <= card.n_max for rows in told["completions"])
    again = _runtime(tmp_path, drawings=2)
    assert again["drawings"] == told["drawings"][:2]
    assert again["drawings"][0] != again["drawings"][1]


@needs_node
def test_strokes_are_simplified_as_limner_does(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path
) -> None:
    network = make_network(False)
    write_web_page(network, make_card(network), tmp_path)
    walk = np.random.default_rng(0).normal(size=(2, 60, 2)).cumsum(axis=1)
    told = _runtime(tmp_path, strokes=walk.tolist(), tolerance=1.5)
    for stroke, simplified in zip(walk, told["simplified"], strict=True):
        kept = stroke[kept_mask(stroke, np.array([0, len(stroke)]), 1.5)]
        np.testing.assert_allclose(simplified, kept)


# The files ---------------------------------------------------------------------------------------


def test_files(make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path) -> None:
    network = make_network(True)
    write_web_page(
        network, make_card(network, classes=("</script><b>",), licence="<i>CC0</i>"), tmp_path / "web"
    )
    names = {"index.html", "limner.js", "model.json", "p5.html", "sketch.js"}
    assert {path.name for path in (tmp_path / "web").iterdir()} == names
    page = (tmp_path / "web" / "index.html").read_text()
    assert "Draw with me: &lt;/script&gt;&lt;b&gt;" in page
    assert "&lt;i&gt;CC0&lt;/i&gt;" in page
    assert page.count("</script>") == 3
    assert not re.findall(r'(?:src|href)="https?:', page)
    outside = re.findall(r"<script src=\"https:[^>]*>", (tmp_path / "web" / "p5.html").read_text())
    assert len(outside) == 1  # p5 alone: one version of it, and no other bytes
    assert re.search(r"/p5@\d+\.\d+\.\d+/[^>]*integrity=\"sha384-[\w+/]{64}\" crossorigin", outside[0], re.S)
    assert "$" not in page.replace("${", "")


def test_weights_that_the_page_does_not_know(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path
) -> None:
    network = make_network(False)
    network.register_parameter("extra", torch.nn.Parameter(torch.zeros(1)))
    with pytest.raises(LimnerError, match="with the weights extra"):
        write_web_page(network, make_card(network), tmp_path / "web")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_fetched(make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path) -> None:
    """The page names no address but that of SVG's vocabulary."""
    network = make_network(False)
    write_web_page(network, make_card(network), tmp_path)
    page = (tmp_path / "index.html").read_text()
    assert page.replace("http://www.w3.org/2000/svg", "").count("://") == 0


def test_the_sketch_is_short(make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path) -> None:
    network = make_network(False)
    write_web_page(network, make_card(network), tmp_path)
    code = [line for line in (tmp_path / "sketch.js").read_text().splitlines() if line.strip()]
    assert len(code) <= 31


# The page ----------------------------------------------------------------------------------------


@pytest.fixture
def page(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Yield the page of a shipped model, opened from the disk in an offline browser without errors."""
    name = getattr(request, "param", "doodles")
    if name not in shipped_names():
        pytest.skip(f"{name} is not in this installation")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium")
    write_web_page(*load_weights(find_weights(name)), tmp_path / "web")
    errors: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        context = browser.new_context(offline=True, viewport={"width": 800, "height": 1000})
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("requestfailed", lambda request: errors.append(request.url))
        page.goto((tmp_path / "web" / "index.html").as_uri())
        yield page
        browser.close()
    assert errors == []


def _wait_for_the_end(page: Page, steps: int = 0) -> None:
    """Wait until the page has reported more steps than before."""
    page.wait_for_function(
        f"Number(document.querySelector('#pace').dataset.steps ?? 0) > {steps}", timeout=60_000
    )


def _steps(page: Page) -> int:
    return int(page.locator("#pace").get_attribute("data-steps") or 0)


@pytest.mark.slow
@pytest.mark.browser
class TestPage:
    """What a visitor sees."""

    def test_it_draws_by_itself(self, page: Page) -> None:
        _wait_for_the_end(page)
        assert page.locator("path.model").count() >= 1
        assert page.locator("path.visitor").count() == 0
        assert "a point takes" in page.locator("#pace").inner_text()
        before = page.locator("#sheet").inner_html()
        steps = _steps(page)
        page.click("#draw")
        _wait_for_the_end(page, steps)
        assert page.locator("#sheet").inner_html() != before

    def test_it_finishes_what_a_visitor_begins(self, page: Page) -> None:
        _wait_for_the_end(page)
        page.click("#clear")
        assert page.locator("path").count() == 0
        box = page.locator("#sheet").bounding_box()
        assert box is not None
        x, y, side = box["x"], box["y"], box["width"]
        page.mouse.move(x + 0.3 * side, y + 0.3 * side)
        page.mouse.down()
        for k in range(20):
            angle = k / 19 * 6
            page.mouse.move(x + side * (0.45 - 0.15 * np.cos(angle)), y + side * (0.3 + 0.12 * np.sin(angle)))
        page.mouse.up()
        ink = page.locator("path.visitor").get_attribute("d")
        assert ink is not None
        assert ink.count("L") >= 19
        steps = _steps(page)
        page.click("#finish")
        _wait_for_the_end(page, steps)
        assert page.locator("path.model").count() >= 1
        assert page.locator("path.visitor").get_attribute("d") == ink

    def test_it_morphs(self, page: Page) -> None:
        _wait_for_the_end(page)
        before, steps = page.locator("#sheet").inner_html(), _steps(page)
        page.click("#morph")
        _wait_for_the_end(page, steps + 100)
        assert page.locator("path.model").count() >= 1
        assert page.locator("#sheet").inner_html() != before


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("page", ["sketches"], indirect=True)
class TestPageOfClasses:
    """What a visitor sees of a model that is told classes."""

    def test_a_class_is_found_by_typing(self, page: Page, tmp_path: Path) -> None:
        assert (tmp_path / "web" / "index.html").stat().st_size < 6e6
        _wait_for_the_end(page)
        assert page.locator("#class").get_attribute("placeholder") == "anything"
        assert page.locator("#classes option").first.get_attribute("value") == "anything"
        before, steps = page.locator("#sheet").inner_html(), _steps(page)
        page.fill("#class", "Octopus")
        page.press("#class", "Enter")
        _wait_for_the_end(page, steps)
        assert page.locator("#sheet").inner_html() != before
        assert page.locator("#unknown").inner_text() == ""
        page.fill("#class", "octopuss")
        page.press("#class", "Enter")
        assert page.locator("#unknown").inner_text().startswith('There is no "octopuss" here; try octopus')

    def test_it_computes_what_limner_computes(self, page: Page) -> None:
        """The distributions after three points of a cat, up to weights of eight bits."""
        theirs = page.evaluate(
            """async (points) => {
              const { loadModel } = await import("./limner.js");
              const model = loadModel(JSON.parse(document.getElementById("model").textContent));
              let [params, state] = [null, model.begin(undefined, "cat")];
              for (const point of points) [params, state] = model.step(point, state);
              return { pi: Array.from(params.pi), pen: Array.from(params.pen) };
            }""",
            POINTS,
        )
        model = load_model("sketches")
        state = model.begin(1, labels=torch.tensor([model.card.classes.index("cat")]))
        for point in POINTS:
            wanted, state = model.step(torch.tensor([point]), state)
        np.testing.assert_allclose(theirs["pi"], wanted.pi[0], atol=0.02)
        np.testing.assert_allclose(theirs["pen"], wanted.pen[0], atol=0.02)
