"""Documents of sketch-rnn-js: read to the last bit, written back, refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from limner.errors import DataError, LimnerError
from limner.interchange.sketch_rnn_js import GEN, VAE, read_js, write_js
from limner.interchange.tensorflow import variables_of
from limner.models.protocol import SketchModel
from limner.models.weights import Card, load_weights, save_weights

Document = list[Any]
Make = Callable[..., Document]
Save = Callable[..., Path]
MakeNetwork = Callable[..., SketchModel]
MakeCard = Callable[..., Card]
BOTH = pytest.mark.parametrize("conditional", [True, False])
QUANTUM = 10 / 32767


def _integers(blob: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(blob), "<i2").astype(np.int64)


# In ---------------------------------------------------------------------------------------------


@BOTH
def test_values_and_their_places(make_document: Make, save_document: Save, conditional: bool) -> None:
    document = make_document(conditional)
    network = read_js(save_document(document)).network
    variables = variables_of(network)
    names = VAE if conditional else GEN
    assert set(names) == set(variables)
    for name, shape, blob in zip(names, document[1], document[2], strict=True):
        assert list(variables[name].shape) == shape
        np.testing.assert_allclose(
            variables[name].ravel(), _integers(blob) * 10 / 32767, rtol=1e-6, atol=1e-7
        )


def test_the_order_of_a_variational_autoencoder() -> None:
    """As a user's list of a graph's trainable variables has it."""
    assert VAE[:6] == (
        "ENC_RNN/fw/LSTMCell/W_xh", "ENC_RNN/fw/LSTMCell/W_hh", "ENC_RNN/fw/LSTMCell/bias",
        "ENC_RNN/bw/LSTMCell/W_xh", "ENC_RNN/bw/LSTMCell/W_hh", "ENC_RNN/bw/LSTMCell/bias",
    )  # fmt: skip
    assert VAE[6:12] == (
        "ENC_RNN_mu/super_linear_w", "ENC_RNN_mu/super_linear_b", "ENC_RNN_sigma/super_linear_w",
        "ENC_RNN_sigma/super_linear_b", "linear/super_linear_w", "linear/super_linear_b",
    )  # fmt: skip
    assert VAE[12:] == GEN == (
        "RNN/output_w", "RNN/output_b", "RNN/LSTMCell/W_xh", "RNN/LSTMCell/W_hh", "RNN/LSTMCell/bias"
    )  # fmt: skip


@BOTH
def test_lists_are_base64(make_document: Make, save_document: Save, conditional: bool) -> None:
    document = make_document(conditional)
    first = read_js(save_document(document)).network.state_dict()
    document[2] = [_integers(blob).tolist() for blob in document[2]]
    second = read_js(save_document(document)).network.state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    "wrap", ["var cat = {};", "const m.data={}\n", "window.model = {} ;\n", "{}", "export default {};"]
)
def test_scripts(make_document: Make, tmp_path: Path, wrap: str) -> None:
    path = tmp_path / "cat.gen.js"
    path.write_text("\ufeff" + wrap.replace("{}", json.dumps(make_document())))
    assert read_js(path).name == "cat"


@pytest.mark.parametrize(
    ("mode", "conditional"),
    [(2, False), ("gen", False), (None, False), (0, True), (1, True), ("vae", True), (None, True)],
)
def test_modes(make_document: Make, save_document: Save, mode: object, conditional: bool) -> None:
    document = make_document(conditional, mode=mode)
    if mode is None:
        del document[0]["mode"]
    assert read_js(save_document(document)).network.conditional == conditional


def test_scale_is_in_doubled_pixels(make_document: Make, save_document: Save) -> None:
    found = read_js(save_document(make_document()))
    assert (found.scale_factor, found.n_max, found.name) == (40.25, 12, "cat")
    assert "half of scale_factor" in found.assumed[0]
    own = read_js(save_document(make_document(pixel_factor=1.0)))
    assert (own.scale_factor, own.assumed) == (80.5, ())


def test_a_file_without_length_or_name(make_document: Make, save_document: Save) -> None:
    document = make_document()
    del document[0]["max_seq_len"], document[0]["name"]
    found = read_js(save_document(document))
    assert (found.n_max, found.name) == (None, "")


Spoil = Callable[[Document], object]


def _blob(k: int, change: Callable[[str], object]) -> Spoil:
    return lambda d: d[2].__setitem__(k, change(d[2][k]))


def _short(blob: str) -> str:
    return base64.b64encode(base64.b64decode(blob)[:-2]).decode()


SPOILED: dict[str, tuple[Spoil, str]] = {
    "no scale factor": (lambda d: d[0].pop("scale_factor"), "no scale_factor"),
    "scale factor 0": (lambda d: d[0].update(scale_factor=0), "scale_factor 0;"),
    "scale factor negative": (lambda d: d[0].update(scale_factor=-3.5), "scale_factor -3.5"),
    "scale factor nan": (lambda d: d[0].update(scale_factor=float("nan")), "scale_factor nan"),
    "scale factor infinite": (lambda d: d[0].update(scale_factor=float("inf")), "scale_factor inf"),
    "scale factor a text": (lambda d: d[0].update(scale_factor="80"), "scale_factor '80'"),
    "scale factor true": (lambda d: d[0].update(scale_factor=True), "scale_factor True"),
    "length 0": (lambda d: d[0].update(max_seq_len=0), "max_seq_len 0"),
    "length a text": (lambda d: d[0].update(max_seq_len="long"), "max_seq_len 'long'"),
    "mode 7": (lambda d: d[0].update(mode=7), "mode 7"),
    "mode a list": (lambda d: d[0].update(mode=[2]), r"mode \[2\]"),
    "mode of the other kind": (lambda d: d[0].update(mode="vae"), "5 arrays and 5 shapes; 17 are wanted"),
    "an array missing": (lambda d: d[2].pop(), "4 arrays and 5 shapes; 5 are wanted"),
    "a shape missing": (lambda d: d[1].pop(), "5 arrays and 4 shapes"),
    "wrong shape": (lambda d: d[1].__setitem__(0, [7, 123]), "output_w holds 615 values"),
    "transposed": (lambda d: d[1][3].reverse(), "W_hh are missing or of another shape"),
    "shape a number": (lambda d: d[1].__setitem__(1, 123), "shape of RNN/output_b is 123"),
    "shape of texts": (lambda d: d[1].__setitem__(1, ["123"]), "shape of RNN/output_b"),
    "shape negative": (lambda d: d[1].__setitem__(0, [-5, -123]), "output_w holds 615 values"),
    "three dimensions": (lambda d: d[1].__setitem__(0, [5, 3, 41]), "not one or two"),
    "enormous shape": (lambda d: d[1].__setitem__(0, [10**9, 10**9]), "output_w holds 615 values"),
    "short blob": (_blob(0, _short), "output_w holds 614 values"),
    "half a value": (_blob(1, lambda b: base64.b64encode(base64.b64decode(b)[:-1]).decode()), "ends within"),
    "no base64": (_blob(3, lambda b: "*" + b[1:]), "W_hh is no base64"),
    "base64 cut": (_blob(3, lambda b: b[:-1]), "W_hh is no base64"),
    "empty blob": (_blob(2, lambda _: ""), "holds 0 values"),
    "blob a number": (_blob(2, lambda _: 3), "neither base64 nor a list"),
    "list with nan": (_blob(1, lambda _: [float("nan")] * 123), "list of whole numbers"),
    "list of fractions": (_blob(1, lambda _: [0.5] * 123), "list of whole numbers"),
    "list of texts": (_blob(1, lambda _: ["1"] * 123), "list of whole numbers"),
    "list too large": (_blob(1, lambda _: [40000] * 123), "no int16"),
    "list too short": (_blob(1, lambda _: [1] * 122), "output_b holds 122 values"),
    "info a list": (lambda d: d.__setitem__(0, []), r"not \[info, shapes, blobs\]"),
    "four parts": (lambda d: d.append([]), r"not \[info, shapes, blobs\]"),
}  # fmt: skip


@pytest.mark.parametrize("damage", SPOILED)
def test_refusals(make_document: Make, save_document: Save, damage: str) -> None:
    spoil, words = SPOILED[damage]
    document = make_document()
    spoil(document)
    with pytest.raises(DataError, match=rf"cat\.gen\.json.*{words}"):
        read_js(save_document(document))


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG", b"{}", b"null", b"[1, 2, 3]", b"[" * 100_000, b"var x = 3;", b"\xff\xfe"]
)
def test_foreign_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cat.gen.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cat\.gen\.json (is no JSON|is not)"):
        read_js(path)


def test_a_document_cut_short(make_document: Make, tmp_path: Path) -> None:
    path = tmp_path / "cat.gen.json"
    text = json.dumps(make_document())
    path.write_text(text[: len(text) // 2])
    with pytest.raises(DataError, match="cut short"):
        read_js(path)


# Out --------------------------------------------------------------------------------------------


@BOTH
def test_there_and_back(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, conditional: bool
) -> None:
    """Within half a quantum; with the scale factor and N_max of the training corpus."""
    network = make_network(conditional)
    assert write_js(network, make_card(network), tmp_path / "cat.json") == 0
    found = read_js(tmp_path / "cat.json")
    assert (found.scale_factor, found.n_max, found.name) == (20.0, 30, "cat")
    assert found.network.config.decoder == network.config.decoder
    assert found.network.conditional == conditional
    for name, value in network.state_dict().items():
        torch.testing.assert_close(found.network.state_dict()[name], value, rtol=0, atol=0.51 * QUANTUM)


@BOTH
@pytest.mark.parametrize("version", [2, 6])
def test_what_was_imported_goes_out_again_to_the_last_byte(
    make_document: Make, make_card: MakeCard, tmp_path: Path, conditional: bool, version: int
) -> None:
    text = json.dumps(make_document(conditional, version=version), separators=(",", ":")) + "\n"
    source, kept, again = tmp_path / "a.json", tmp_path / "m.safetensors", tmp_path / "b.json"
    source.write_text(text)
    found = read_js(source)
    save_weights(found.network, make_card(found.network, training={"imported": found.facts}), kept)
    write_js(*load_weights(kept), again)
    assert again.read_text() == text


def test_weights_beyond_ten_are_counted(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path
) -> None:
    network = make_network(False)
    with torch.no_grad():
        network.get_parameter("decoder.output.bias")[:3] = torch.tensor([11.0, -12.0, 10.0])
    assert write_js(network, make_card(network), tmp_path / "cat.json") == 2
    back = read_js(tmp_path / "cat.json").network.get_parameter("decoder.output.bias")
    torch.testing.assert_close(back[:3], torch.tensor([10.0, -10.0, 10.0]), rtol=0, atol=1.1 * QUANTUM)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"decoder": "layer_norm", "encoder": "lstm"}, "decoder.cell is layer_norm, not lstm"),
        ({"decoder": "hyper", "encoder": "lstm"}, "decoder.cell is hyper, not lstm"),
        ({"decoder": "lstm", "encoder": "layer_norm"}, "encoder.cell is layer_norm, not lstm"),
        ({"components": 5}, "decoder.components is 5, not 20"),
        ({"sigma": "softplus"}, "decoder.sigma is softplus, not exp"),
        ({"sigma_min": 0.1}, "decoder.sigma_min is 0.1, not 0.0"),
    ],
)
def test_what_the_format_cannot_hold(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, made: dict[str, Any], words: str
) -> None:
    network = make_network(**made)
    with pytest.raises(LimnerError, match=words):
        write_js(network, make_card(network), tmp_path / "cat.json")
    assert list(tmp_path.iterdir()) == []


def test_weights_that_the_format_does_not_know(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path
) -> None:
    network = make_network(False)
    network.register_parameter("extra", torch.nn.Parameter(torch.zeros(1)))
    with pytest.raises(LimnerError, match="with the weights extra"):
        write_js(network, make_card(network), tmp_path / "cat.json")


# Published models -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cat", "bird", "bicycle"])
def test_published_models(data_dir: Path, make_card: MakeCard, tmp_path: Path, name: str) -> None:
    source = data_dir / "sketch-rnn-js" / f"{name}.gen.json"
    found = read_js(source)
    assert found.name == name
    assert found.network.config.decoder.size == 512
    write_js(
        found.network, make_card(found.network, training={"imported": found.facts}), tmp_path / "out.json"
    )
    assert (tmp_path / "out.json").read_bytes() == source.read_bytes()
