"""MaskFormer and Mask2Former: transformers of 3.x's form, within the same head.

The parts stay where they are: ``pixel_decoder``, ``transformer_decoder`` and
``positional_encoding`` of the head. Their layers are written as 3.x takes them. A trap: a
``DetrTransformerDecoderLayer`` of 2.x put its own defaults (``ffn_dropout=0.0``,
``ffn_num_fcs=2``) over what its ``ffn_cfgs`` said, so that the decoder of MaskFormer trained
without the dropout of 0.1 that its config names; so it does after the upgrade.

Sources: mmdet 2.28.2, models/dense_heads/maskformer_head.py and mask2former_head.py,
models/plugins/pixel_decoder.py and msdeformattn_pixel_decoder.py, models/utils/transformer.py
(``DetrTransformerDecoderLayer``); mmdet 3.3.0, the same names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.upgrade.models.detr_transformer import cannot_move
from mmscaffold.upgrade.models.transformer_layers import (
    DECODER,
    DEFORMABLE_ENCODER,
    ENCODER,
    MASKED_DECODER,
    Layout,
    misfit,
    move_layers,
    move_positional_encoding,
)
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 mask-transformers", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='MaskFormer', panoptic_head=dict(type='MaskFormerHead',\n"
        "    positional_encoding=dict(type='SinePositionalEncoding', num_feats=128),\n"
        "    transformer_decoder=dict(type='DetrTransformerDecoder', num_layers=6,\n"
        "        return_intermediate=True, init_cfg=None,\n"
        "        transformerlayers=dict(type='DetrTransformerDecoderLayer',\n"
        "            attn_cfgs=dict(type='MultiheadAttention', embed_dims=256, num_heads=8,\n"
        "                attn_drop=0.1, proj_drop=0.1, dropout_layer=None, batch_first=False),\n"
        "            ffn_cfgs=dict(embed_dims=256, feedforward_channels=1024, num_fcs=2,\n"
        "                          ffn_drop=0.1, dropout_layer=None, add_identity=True),\n"
        "            feedforward_channels=2048,\n"
        "            operation_order=('self_attn', 'norm', 'cross_attn', 'norm', 'ffn',\n"
        "                             'norm')))))\n",
        "model = dict(type='MaskFormer', panoptic_head=dict(type='MaskFormerHead',\n"
        "    positional_encoding=dict(num_feats=128),\n"
        "    transformer_decoder=dict(num_layers=6, return_intermediate=True, layer_cfg=dict(\n"
        "        self_attn_cfg=dict(embed_dims=256, num_heads=8, dropout=0.1, batch_first=True),\n"
        "        cross_attn_cfg=dict(embed_dims=256, num_heads=8, dropout=0.1,\n"
        "                            batch_first=True),\n"
        "        ffn_cfg=dict(embed_dims=256, feedforward_channels=2048, num_fcs=2,\n"
        "                     ffn_drop=0.0)))))\n",
    ),
)
_DECODERS = {"MaskFormerHead": DECODER, "Mask2FormerHead": MASKED_DECODER}
_ENCODERS = {
    "TransformerEncoderPixelDecoder": ENCODER,
    "MSDeformAttnPixelDecoder": DEFORMABLE_ENCODER,
}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the layers as 3.x takes them."""
    model = old.part("model")
    head = model.inside("panoptic_head") if model is not None else None
    decoder = _layout(head, _DECODERS)
    if head is None or decoder is None:
        return
    target = new.child("model").child("panoptic_head")
    yield from _encoding(head, target)
    yield from _layers(head, "transformer_decoder", target, decoder)
    pixels = head.inside("pixel_decoder")
    encoder = _layout(pixels, _ENCODERS)
    if pixels is not None and encoder is not None:
        below = target.child("pixel_decoder")
        yield from _encoding(pixels, below)
        yield from _layers(pixels, "encoder", below, encoder)


def _layout(part: Part | None, known: Mapping[str, Layout]) -> Layout | None:
    name = part.get("type") if part is not None else None
    return known.get(name) if isinstance(name, str) else None


def _layers(part: Part, key: str, new: New, layout: Layout) -> Iterator[Note]:
    inner = part.part(key)
    if inner is None or "transformerlayers" not in inner:
        return
    why = misfit(inner, layout)
    if why is not None:
        part.move(key, new)
        yield cannot_move(inner, why)
        return
    below = new.child(key)
    move_layers(inner, below, layout)
    is_decoder = layout not in (ENCODER, DEFORMABLE_ENCODER)
    if is_decoder and "return_intermediate" not in below:
        below.put("return_intermediate", False)


def _encoding(part: Part, new: New) -> Iterator[Note]:
    why = move_positional_encoding(part, new)
    if why is not None:
        yield cannot_move(part, why)
