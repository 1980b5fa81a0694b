"""The transformer in the head of a detector like DETR, which the detector itself has in 3.x.

Sources: mmdet 2.28.2, models/dense_heads/detr_head.py and deformable_detr_head.py; mmdet 3.3.0,
models/detectors/base_detr.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.upgrade.models.transformer_layers import Layout, misfit, move_positional_encoding
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part

_DEFAULT_ENCODING = {"num_feats": 128, "normalize": True}


@dataclass(frozen=True)
class FoundTransformer:
    """The transformer of a head.

    Attributes:
        head: The head.
        whole: Its ``transformer``.
        encoder: The encoder of that; ``None`` if it is no dict.
        decoder: Its decoder; likewise.
        misfit: Why 3.x cannot build it; ``None`` if it can.
    """

    head: Part
    whole: Part
    encoder: Part | None
    decoder: Part | None
    misfit: str | None

    @property
    def parts(self) -> tuple[Part, Part, Part, Part]:
        """The head, the transformer, its encoder and its decoder, of one that fits."""
        assert self.encoder is not None
        assert self.decoder is not None
        return self.head, self.whole, self.encoder, self.decoder

    def stay(self, new: New) -> Note:
        """Leave it where it is, of which the note tells."""
        self.head.move("transformer", new.child("model").child("bbox_head"))
        return cannot_move(self.whole, self.misfit)


def find_transformer(
    old: OldConfig, head_type: str, kind: str, encoder: Layout, decoder: Layout
) -> FoundTransformer | None:
    """Look for the transformer in the head of a config.

    Args:
        old: The config.
        head_type: The class of the head; with another one, there is none.
        kind: The class that a transformer must be of to fit.
        encoder: What 3.x builds of its encoder.
        decoder: What 3.x builds of its decoder.
    """
    model = old.part("model")
    head = model.inside("bbox_head") if model is not None else None
    if head is None or head.get("type") != head_type:
        return None
    whole = head.inside("transformer")
    if whole is None:
        return None
    parts = whole.inside("encoder"), whole.inside("decoder")
    why = misfit(parts[0], encoder) or misfit(parts[1], decoder)
    if whole.get("type") != kind:
        why = f"{whole.get('type')} is not {kind}"
    return FoundTransformer(head, whole, *parts, why)


def cannot_move(transformer: Part, why: str | None) -> Note:
    """The note on a transformer that 3.x does not build."""
    return Note(
        "UP210",
        f"the transformer must be rewritten for 3.x: {why}",
        transformer.path,
        transformer.path,
        "In 3.x the detector itself has encoder, decoder and positional_encoding.",
    )


def move_queries(head: Part, target: New) -> None:
    """Move the number of queries, of which 2.x had 100 by default."""
    if "num_query" in head:
        head.move("num_query", target, "num_queries")
    else:
        target.put("num_queries", 100)


def move_encoding(head: Part, target: New) -> Iterator[Note]:
    """Move the positional encoding, or write out that of 2.x."""
    if "positional_encoding" not in head:
        target.put("positional_encoding", CfgDict(_DEFAULT_ENCODING))
        return
    why = move_positional_encoding(head, target)
    if why is not None:
        yield cannot_move(head, why)
