"""Variables of the original's graph: what is read off them and what is refused. Values: see test_oracle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.errors import DataError
from limner.interchange.tensorflow import PREFIX, model_from_variables, parameter_slices
from limner.models.config import CellName, DecoderConfig, EncoderConfig, ModelConfig

Variables = dict[str, NDArray[np.float32]]
Shapes = dict[str, tuple[int, ...]]
E, H, Z, M = 5, 7, 3, 2  # encoder, decoder, latent, components
SMALL, EMBEDDING = 256, 32  # of a HyperLSTM
CELLS: dict[CellName, str] = {"lstm": "LSTMCell", "layer_norm": "LayerNormLSTMCell", "hyper": "HyperLSTMCell"}
STATES: dict[CellName, int] = {"lstm": 2 * H, "layer_norm": 2 * H, "hyper": 2 * (H + SMALL)}


def _cell(scope: str, cell: CellName, n_in: int, size: int) -> Shapes:
    """Return the variables of a cell, as in the original's graph."""
    inside = f"{scope}/{CELLS[cell]}"
    shapes: Shapes = {f"{inside}/W_xh": (n_in, 4 * size), f"{inside}/W_hh": (size, 4 * size)}
    if cell != "layer_norm":
        shapes[f"{inside}/bias"] = (4 * size,)
    if cell != "lstm":
        for norm, width in (("ln_all", 4 * size), ("ln_c", size)):
            shapes |= {f"{inside}/{norm}/ln_gamma": (width,), f"{inside}/{norm}/ln_beta": (width,)}
    if cell == "hyper":
        shapes |= _cell(inside, "layer_norm", n_in + size, SMALL)
        for product in ("ix", "jx", "fx", "ox", "ih", "jh", "fh", "oh"):
            net = f"{inside}/hyper_{product}"
            shapes[f"{net}/zw/super_linear_w"] = (SMALL, EMBEDDING)
            shapes[f"{net}/zw/super_linear_b"] = (EMBEDDING,)
            shapes[f"{net}/alpha/super_linear_w"] = (EMBEDDING, size)
            if product.endswith("h"):
                shapes[f"{net}/zb/super_linear_w"] = (SMALL, EMBEDDING)
                shapes[f"{net}/beta/super_linear_w"] = (EMBEDDING, size)
    return shapes


def _variables(
    conditional: bool = True, *, encoder: CellName = "lstm", decoder: CellName = "lstm"
) -> Variables:
    """Make variables by the names and shapes of the graph."""
    shapes: Shapes = {"RNN/output_w": (H, 3 + 6 * M), "RNN/output_b": (3 + 6 * M,)}
    shapes |= _cell("RNN", decoder, 5 + Z if conditional else 5, H)
    if conditional:
        shapes |= _cell("ENC_RNN/fw", encoder, 5, E) | _cell("ENC_RNN/bw", encoder, 5, E)
        for name in ("mu", "sigma"):
            shapes[f"ENC_RNN_{name}/super_linear_w"] = (2 * E, Z)
            shapes[f"ENC_RNN_{name}/super_linear_b"] = (Z,)
        shapes["linear/super_linear_w"] = (Z, STATES[decoder])
        shapes["linear/super_linear_b"] = (STATES[decoder],)
    rng = np.random.default_rng(0)
    return {PREFIX + name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.parametrize("encoder", CELLS)
@pytest.mark.parametrize("decoder", CELLS)
def test_cells_are_read_off_the_names(encoder: CellName, decoder: CellName) -> None:
    config = model_from_variables(_variables(encoder=encoder, decoder=decoder)).config
    assert (config.encoder.cell, config.encoder.size) == (encoder, E)
    assert (config.decoder.cell, config.decoder.size) == (decoder, H)


def test_sizes_are_read_off_the_shapes() -> None:
    model = model_from_variables(_variables())
    assert model.config == ModelConfig(
        latent_size=Z, encoder=EncoderConfig(size=E), decoder=DecoderConfig(size=H, components=M)
    )
    assert not model.training


def test_decoder_alone() -> None:
    model = model_from_variables(_variables(conditional=False))
    assert not model.conditional
    assert model.config.decoder == DecoderConfig(size=H, components=M)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("conditional", [True, False])
def test_every_variable_finds_its_place_and_its_way_back(conditional: bool, cell: CellName) -> None:
    variables = _variables(conditional, encoder=cell, decoder=cell)
    model = model_from_variables(variables)
    parameters, places = dict(model.named_parameters()), parameter_slices(model.config)
    assert {PREFIX + name for name in places} == set(variables)
    assert {place.parameter for place in places.values()} == set(parameters)
    for name, place in places.items():
        back = place.view(parameters[place.parameter].detach())
        assert np.array_equal(back.numpy(), variables[PREFIX + name])


def test_linear_layers_are_transposed() -> None:
    variables = _variables()
    model = model_from_variables(variables)
    h = torch.ones(1, H)
    wanted = h.numpy() @ variables[f"{PREFIX}RNN/output_w"] + variables[f"{PREFIX}RNN/output_b"]
    found = model.decoder.output(h)  # type: ignore[operator,union-attr]
    np.testing.assert_allclose(found.detach().numpy(), wanted, rtol=1e-5)


def test_variables_are_copied() -> None:
    variables = _variables()
    model = model_from_variables(variables)
    variables[f"{PREFIX}RNN/output_b"][:] = 9
    assert not (model.get_parameter("decoder.output.bias") == 9).any()


Spoil = Callable[[Variables], object]


def _resized(name: str, shape: tuple[int, ...]) -> Spoil:
    return lambda variables: variables.update({PREFIX + name: np.ones(shape, np.float32)})


def _filled(name: str, value: float) -> Spoil:
    return lambda variables: variables[PREFIX + name].fill(value)


def _renamed(old: str, new: str) -> Spoil:
    def rename(variables: Variables) -> None:
        for name in [name for name in variables if name.startswith(PREFIX + old)]:
            variables[name.replace(old, new)] = variables.pop(name)

    return rename


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda v: v.pop(f"{PREFIX}RNN/output_w"), "RNN/output_w is missing"),
        (lambda v: v.pop(f"{PREFIX}RNN/output_b"), "RNN/output_b are missing"),
        (lambda v: v.pop(f"{PREFIX}ENC_RNN_mu/super_linear_w"), "ENC_RNN_mu/super_linear_w is missing"),
        (lambda v: v.pop(f"{PREFIX}ENC_RNN/bw/LSTMCell/bias"), "ENC_RNN/bw/LSTMCell/bias are missing"),
        (lambda v: v.update({f"{PREFIX}RNN/GRUCell/W": np.ones(3)}), "RNN/GRUCell/W belong to no cell"),
        (lambda v: v.update({f"{PREFIX}Adam": np.ones(3)}), "belong to no cell that limner knows"),
        (_renamed("RNN/LSTMCell", "RNN/GRUCell"), "no variables of a cell that limner knows"),
        (_renamed("ENC_RNN/bw/LSTMCell", "ENC_RNN/bw/HyperLSTMCell"), "belong to no cell that limner knows"),
        (_filled("RNN/output_b", np.nan), "RNN/output_b hold values that are not finite"),
        (_filled("linear/super_linear_w", np.inf), "linear/super_linear_w hold values that are not finite"),
        (_resized("RNN/output_w", (H,)), "not a matrix"),
        (_resized("RNN/output_w", (H, 16)), "has 16 columns"),
        (_resized("RNN/output_w", (H, 3)), "has 3 columns"),
        (_resized("RNN/output_w", (0, 15)), "not a matrix"),
        (_resized("RNN/LSTMCell/W_xh", (5 + Z + 1, 4 * H)), "RNN/LSTMCell/W_xh are missing or of another"),
        (_resized("RNN/LSTMCell/W_hh", (4 * H, H)), "RNN/LSTMCell/W_hh are missing or of another"),
        (_resized("linear/super_linear_w", (Z, H)), "linear/super_linear_w are missing or of another"),
    ],
)  # fmt: skip
def test_refusals(spoil: Spoil, words: str) -> None:
    variables = _variables()
    spoil(variables)
    with pytest.raises(DataError, match=words):
        model_from_variables(variables)


def test_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="RNN/output_w is missing"):
        model_from_variables({})
