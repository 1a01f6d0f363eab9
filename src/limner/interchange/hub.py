"""Models from and to the Hugging Face hub, with the methods of its own library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from limner.errors import MissingExtraError
from limner.interchange.hub_folder import write_hub_folder
from limner.models.weights import FILE_NAME, load_weights
from limner.sampling.model import Model

try:
    from huggingface_hub import ModelHubMixin, hf_hub_download
except ImportError as error:
    raise MissingExtraError("hub", "Reading models from a hub") from error


class HubModel(Model, ModelHubMixin, library_name="limner", tags=["sketch-rnn", "vector-drawing"]):
    """A model with ``from_pretrained``, ``save_pretrained`` and ``push_to_hub``."""

    @classmethod
    def _from_pretrained(
        cls, *, model_id: str, revision: str | None, cache_dir: str | Path | None, force_download: bool,
        local_files_only: bool, token: str | bool | None, **_: Any,
    ) -> HubModel:  # fmt: skip
        if Path(model_id).is_dir():
            return cls(*load_weights(Path(model_id) / FILE_NAME))
        path = hf_hub_download(
            model_id, FILE_NAME, revision=revision, cache_dir=cache_dir, force_download=force_download,
            local_files_only=local_files_only, token=token,
        )  # fmt: skip
        return cls(*load_weights(path))

    def _save_pretrained(self, save_directory: Path) -> None:
        write_hub_folder(self, save_directory)
