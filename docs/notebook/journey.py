# %% [markdown]
# # A journey through a latent space
#
# The walk of sketch-rnn's own notebook of 2017: load a model, encode a drawing, decode it again, be careful
# or wild, draw a sheet out of nothing, and go from one drawing to another. First with `doodles`, the model
# that ships with limner; then with a published one, which could only be run in a browser until now.

# %%
from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from pathlib import Path

import torch

import limner
from limner import Drawing, SamplingConfig
from limner.corpus.doodles.make import make_doodles
from limner.interchange.importing import import_model
from limner.render.svg import sheet_to_svg
from limner.sampling.interpolate import interpolate_latents


class Picture:
    """SVG that a notebook shows below the cell."""

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg


def show(drawings: Sequence[Drawing], columns: int, captions: Sequence[str] | None = None) -> Picture:
    """Show drawings as a sheet."""
    return Picture(sheet_to_svg(drawings, columns=columns, captions=captions))


# %% [markdown]
# ## Load
#
# A weights file holds all that drawing needs: network, scale factor, longest drawing, licence.

# %%
model = limner.load_model("doodles")
model.card.config, model.card.scale_factor, model.card.licence

# %% [markdown]
# ## Encode and decode
#
# A drawing becomes 16 numbers, z; from z alone the model draws it again. Not a copy: what it would draw.

# %%
snail, flower, house, fish = (
    make_doodles(1, seed=7, kinds=(kind,))[0] for kind in ("snail", "flower", "house", "fish")
)
z = model.encode([snail, flower, house, fish])
z.shape

# %%
redrawn = model.decode(z, temperature=0.1)
show([snail, flower, house, fish, *redrawn], columns=4, captions=["given"] * 4 + ["redrawn"] * 4)

# %% [markdown]
# ## Temperature
#
# One z, ten temperatures: from careful to wild.

# %%
temperatures = [k / 10 for k in range(1, 11)]
sweep = [model.decode(z[:1], temperature=t, seed=3)[0] for t in temperatures]
show(sweep, columns=5, captions=[f"T = {t:.1f}" for t in temperatures])

# %% [markdown]
# ## Out of nothing
#
# z from a normal distribution: a sheet of whatever comes.

# %%
show(model.sample(24, temperature=0.3, seed=5), columns=8)

# %% [markdown]
# ## From one drawing to another
#
# Along the great arc between two z; every step starts from the same random numbers.

# %%
show(model.interpolate(snail, fish, steps=10, temperature=0.1), columns=10)

# %% [markdown]
# Between four drawings, a whole field: two ways down the sides, and ways across from each to each.

# %%
left, right = interpolate_latents(z[0], z[2], 5, "slerp"), interpolate_latents(z[1], z[3], 5, "slerp")
field = torch.cat([interpolate_latents(a, b, 7, "slerp") for a, b in zip(left, right, strict=True)])
show(model.decode(field, temperature=0.1), columns=7)

# %% [markdown]
# ## Point by point
#
# Underneath there is one protocol for every model: a state, and a step that takes a point and says where the
# pen goes next. Points are in model units; the first is (0, 0, 1, 0, 0).

# %%
state = model.begin(batch_size=1, z=z[:1])
params, state = model.step(torch.tensor([[0.0, 0.0, 1.0, 0.0, 0.0]]), state)
down, lift, end = params.pen[0].tolist()
f"{params.pi.shape[1]} components; the pen stays down: {down:.0%}, lifts: {lift:.0%}, is done: {end:.0%}"

# %% [markdown]
# ## A published model
#
# About a hundred models were published as `NAME.gen.json` for the browser, at
# `storage.googleapis.com/quickdraw-models/sketchRNN/models/`. With `cat.gen.json` beside this notebook:

# %%
report = import_model("cat.gen.json", "cat")
for sentence in report.assumed:
    print(sentence)

# %%
cats = limner.load_model("cat")
show(cats.sample(24, sampling_config=SamplingConfig(0.25, convention="js"), seed=1), columns=8)

# %% [markdown]
# It is a decoder alone, so that there is no z; but it can finish what somebody began. Here it is given a
# circle.

# %%
circle = Drawing.from_polylines([[(90 * cos(k * pi / 10), 90 * sin(k * pi / 10)) for k in range(21)]])
show(
    [circle, *cats.complete(circle, 7, sampling_config=SamplingConfig(0.25, convention="js"), unit=1)],
    columns=8,
)

# %% [markdown]
# And everything is SVG that a plotter, a page or an editor can use.

# %%
Path("cats.svg").write_text(
    sheet_to_svg(cats.sample(9, sampling_config=SamplingConfig(0.25, convention="js"))), encoding="utf-8"
)
