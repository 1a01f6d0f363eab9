"""Models as folders for a model hub: weights, config, and a model card with samples.

``config.json`` repeats the header of ``model.safetensors``, for programs that read that file.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from limner._version import __version__
from limner.files import whole_folder
from limner.interchange.model_format import ExportReport, ModelFormat
from limner.models.weights import FILE_NAME, save_weights
from limner.render.write import write_drawings
from limner.sampling.model import Model
from limner.settings import to_dict

SAMPLES = 16
TEMPERATURE = 0.4
CONFIG_NAME = "config.json"
CARD_NAME = "README.md"
LICENCES = {
    "cc0-1.0": "cc0-1.0",
    "apache-2.0": "apache-2.0",
    "mit": "mit",
    "cc-by-nc-4.0": "cc-by-nc-4.0",
    "cc-by-sa-3.0": "cc-by-sa-3.0",
    "cc-by-4.0": "cc-by-4.0",
    "cc by 4.0": "cc-by-4.0",
    "cc by-nc 4.0": "cc-by-nc-4.0",
    "cc by-sa 3.0": "cc-by-sa-3.0",
}
"""Beginnings of licence texts, and the hubs' identifiers for them."""

_CARD = """\
---
library_name: limner
license: {licence_id}
tags:
- sketch-rnn
- vector-drawing
{class_tags}---

# {title}

{subject}: a {kind} of {parameters:,} parameters that draws stroke by stroke, made with limner {version}.

![{samples} samples at temperature {temperature}](samples.svg)

## Use

```python
from limner.interchange.hub import HubModel

model = HubModel.from_pretrained("{title}")  # or the path of this folder
drawing = model.sample(9, temperature={temperature})[0]
print(drawing.to_svg())
```

`limner sample FOLDER -n 9 --out sheet.svg` does the same on the command line.

## Facts

| | |
|---|---|
{facts}

## Licence

{licence}
"""


def write_hub_folder(model: Model, path: Path, *, seed: int = 0) -> None:
    """Write the folder, whole or not at all.

    Parameters
    ----------
    model : Model
    path : Path
        The folder, whose name becomes the model's title.
    seed : int
        Of the samples.
    """
    samples = model.sample(SAMPLES, temperature=TEMPERATURE, seed=seed)
    with whole_folder(path) as draft:
        save_weights(model.network, model.card, draft / FILE_NAME)
        (draft / CONFIG_NAME).write_text(json.dumps(_config(model), indent=2, sort_keys=True), "utf-8")
        (draft / CARD_NAME).write_text(_card(model, path.resolve().name), "utf-8", "backslashreplace")
        write_drawings(samples, draft / "samples.svg")
        write_drawings(samples, draft / "samples.png")


def _config(model: Model) -> dict[str, Any]:
    card = asdict(model.card) | {"config": to_dict(model.card.config)}
    return {"library": "limner", "library_version": __version__, **card}


def _card(model: Model, title: str) -> str:
    card, config = model.card, model.card.config
    return _CARD.format(
        title=title,
        licence_id=_licence_id(card.licence),
        class_tags="".join(f"- {json.dumps(name)}\n" for name in card.classes),
        subject=", ".join(card.classes) or "Drawings",
        kind=f"{config.kind} autoencoder" if config.conditional else config.kind,
        parameters=sum(p.numel() for p in model.network.parameters()),
        version=__version__,
        samples=SAMPLES,
        temperature=TEMPERATURE,
        facts="\n".join(f"| {name} | {value} |" for name, value in _facts(model)),
        licence=card.licence or "The terms are not known.",
    )


def _licence_id(licence: str) -> str:
    known = (name for start, name in LICENCES.items() if licence.lower().startswith(start))
    return next(known, "other" if licence else "unknown")


def _facts(model: Model) -> list[tuple[str, str]]:
    card, config = model.card, model.card.config
    facts = [("kind", config.kind), *model.network.summary(config).items()]
    if config.conditional:
        facts.append(("z", str(config.latent_size)))
    if config.classes:
        facts.append(("classes that it is told", str(config.classes)))
    facts += [("scale factor", f"{card.scale_factor:.4f}"), ("N_max", str(card.n_max))]
    plain = {k: v for k, v in card.training.items() if isinstance(v, (int, float, str))}
    return facts + [
        (name, f"{value:.4f}" if isinstance(value, float) else str(value)) for name, value in plain.items()
    ]


def _export(model: Model, out: Path) -> ExportReport:
    write_hub_folder(model, out)
    return ExportReport((out,))


FORMAT = ModelFormat("hub-folder", "folders for a model hub, with a model card", write=_export)
