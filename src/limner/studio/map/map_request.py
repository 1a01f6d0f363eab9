"""From the request of a page to the specification of a map: names of corpora and models become files."""

from __future__ import annotations

from pathlib import Path

from limner.errors import LimnerError
from limner.studio.context import StudioContext
from limner.studio.corpora import FOLDER as CORPORA
from limner.studio.map.map_spec import MapSpec
from limner.studio.map.schemas import MAX_SAMPLES, MapRequest
from limner.studio.runs.plan import corpora_by_name


def resolve_map_spec(request: MapRequest, context: StudioContext) -> MapSpec:
    """Return the specification of the map that a page requests.

    Raises
    ------
    LimnerError
        If the corpus or model does not exist, or the model has no encoder and latents are requested.
    """
    if request.n > context.limits.map_drawings:
        raise LimnerError(f"A map shows {context.limits.map_drawings:,} drawings at most; ask for fewer.")
    model = _model_origin(request, context)
    if request.corpus is not None:
        corpora = corpora_by_name(context)
        if request.corpus not in corpora:
            raise LimnerError("There is no such corpus here.")
        title, corpus = request.corpus, str(corpora[request.corpus])
    elif request.n > MAX_SAMPLES:
        raise LimnerError(f"{MAX_SAMPLES:,} samples are laid out at most; ask for fewer.")
    else:
        title = _samples_title(request)
        corpus = str(context.folders.kept / CORPORA / title)
    age = _mtime_ns(corpus) * (request.corpus is not None) + _mtime_ns(model or "")
    used = model if request.by == "latent" or request.corpus is None else None
    return MapSpec(
        title,
        corpus,
        request.by,
        used,
        request.corpus is None,
        request.n,
        request.temperature,
        request.seed,
        age,
    )


def _samples_title(request: MapRequest) -> str:
    percent = round(100 * request.temperature)
    return f"samples-{_plain_name(request.model or '')}-{request.n}-{percent}-{request.seed}.parquet"


def _model_origin(request: MapRequest, context: StudioContext) -> str | None:
    if request.model is None:
        return None
    entry = context.library[request.model]
    if request.by == "latent":
        entry.model.need_encoder("lay drawings out by their latents")
    if entry.origin is None:
        raise LimnerError(f"{entry.id} is in no file, so that no other process can load it.")
    return entry.origin


def _mtime_ns(name: str) -> int:
    path = Path(name)
    files = [path, *path.glob("*")] if path.is_dir() else [path]
    return max((file.stat().st_mtime_ns for file in files if file.exists()), default=0)


def _plain_name(name: str) -> str:
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return plain.strip("-")[:32] or "model"
