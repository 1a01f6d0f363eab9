"""The half of a model that reads: drawings to latents, embeddings, classes and neighbours.

Letters: ``B`` drawings, ``Z`` latent, ``C`` classes, ``G`` drawings of a gallery.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import normalize

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.page_frame import Frame, frame_of, to_model
from limner.strokes.drawing import Drawing

ENCODE_BATCH = 100
UNITS = (1e-15, 1e15)


class Reader:
    """A network that reads drawings, in any units, as its card says.

    Parameters
    ----------
    network : SketchModel
    card : Card
    """

    def __init__(self, network: SketchModel, card: Card) -> None:
        self.network = network
        self.card = card

    @property
    def conditional(self) -> bool:
        """Whether the model can encode drawings."""
        return self.network.conditional

    @property
    def device(self) -> torch.device:
        """Where the network's weights are."""
        return next(self.network.parameters()).device

    def frame(self, drawing: Drawing, unit: float | None = None, share: float = 1.0) -> Frame:
        """Find where a drawing stands to the model's units; see :func:`limner.sampling.page_frame.frame_of`.

        Raises
        ------
        LimnerError
            If the drawing has no strokes, or the unit is not above 0.
        """
        if not drawing.n_points:
            raise LimnerError("A drawing without strokes cannot be encoded or completed.")
        if unit is not None and not UNITS[0] <= unit <= UNITS[1]:
            raise LimnerError(
                f"The unit of a drawing must be above 0, from {UNITS[0]:g} to {UNITS[1]:g}, not {unit}."
            )
        return frame_of(drawing, self.card, unit, share)

    @torch.no_grad()
    def encode(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Give z = mu of each drawing, ``(B, Z)``.

        Parameters
        ----------
        drawings : sequence of Drawing
            In any units, and simplified here as the corpus is.
        unit : float, optional
            Units of the page that make one unit of the corpus, 1 for drawings of the corpus itself; found
            for each drawing by its size unless given, see :func:`limner.sampling.page_frame.frame_of`.

        Raises
        ------
        LimnerError
            If the model is a decoder alone.
        """
        self.need_encoder("encode drawings")
        rows = [to_model(d, self.frame(d, unit)) for d in drawings]
        parts = [rows[k : k + ENCODE_BATCH] for k in range(0, len(rows), ENCODE_BATCH)]
        batches = (pad_batch(part, scale_factor=1.0).to(self.device) for part in parts)
        found = [self.network.encode(batch).mu for batch in batches]
        return torch.cat(found) if found else torch.zeros(0, self.card.config.latent_size)

    def embed(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Give :meth:`encode` at length 1, ``(B, Z)``: products of two are cosines of their angles."""
        return normalize(self.encode(drawings, unit=unit), dim=1)

    @torch.no_grad()
    def classify(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Give the probability of each of the card's classes, ``(B, C)``; options as in :meth:`encode`.

        Raises
        ------
        LimnerError
            If the model tells no classes apart.
        """
        if not self.network.num_classes_recognized:
            raise LimnerError(
                "This model tells no classes apart; train one of --model.kind sketchformer on a corpus whose "
                "drawings have classes."
            )
        return self.network.recognise(self.encode(drawings, unit=unit)).softmax(-1)

    def retrieve(
        self,
        drawings: Sequence[Drawing],
        gallery: Sequence[Drawing],
        n: int = 1,
        *,
        unit: float | None = None,
    ) -> Tensor:
        """Find the ``n`` drawings of a gallery that are most like each, the likest first.

        Returns
        -------
        int64 Tensor of shape ``(B, n)``
            Places in the gallery, by the cosine of embeddings; all of it if it has fewer drawings.
        """
        likeness = self.embed(drawings, unit=unit) @ self.embed(gallery, unit=unit).T  # (B, G)
        return likeness.argsort(dim=1, descending=True, stable=True)[:, :n]

    def need_encoder(self, purpose: str) -> None:
        """Refuse what a decoder alone cannot do."""
        if not self.conditional:
            raise LimnerError(f"This model is a decoder alone and cannot {purpose}; train a conditional one.")
