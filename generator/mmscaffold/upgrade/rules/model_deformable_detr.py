"""Deformable DETR: the transformer moves from the head to the detector.

``with_box_refine``, ``as_two_stage`` and ``num_feature_levels`` are the detector's in 3.x. With
``as_two_stage`` 2.x took ``two_stage_num_proposals`` of its transformer (300 by default) as the
number of queries, and ``num_query`` had no effect. The decoder of 3.x refuses the norm at its end
that it has by default: ``post_norm_cfg=None`` is written out. ``in_channels`` of the head had no
effect, because a neck projects the features.

Sources: mmdet 2.28.2, models/dense_heads/deformable_detr_head.py, models/utils/transformer.py;
mmdet 3.3.0, models/detectors/deformable_detr.py,
models/layers/transformer/deformable_detr_layers.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.models.detr_transformer import (
    find_transformer,
    move_encoding,
    move_queries,
)
from mmscaffold.upgrade.models.transformer_layers import (
    DEFORMABLE_DECODER,
    DEFORMABLE_ENCODER,
    move_layers,
)
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 deformable-detr", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
_OLD = (
    "model = dict(type='DeformableDETR',\n"
    "    bbox_head=dict(type='DeformableDETRHead', num_query=200, num_classes=80,\n"
    "        in_channels=2048, with_box_refine=True, as_two_stage=%s,\n"
    "        transformer=dict(type='DeformableDetrTransformer',\n"
    "            encoder=dict(type='DetrTransformerEncoder', num_layers=6,\n"
    "                transformerlayers=dict(type='BaseTransformerLayer',\n"
    "                    attn_cfgs=dict(type='MultiScaleDeformableAttention',\n"
    "                                   embed_dims=256),\n"
    "                    feedforward_channels=1024, ffn_dropout=0.1,\n"
    "                    operation_order=('self_attn', 'norm', 'ffn', 'norm'))),\n"
    "            decoder=dict(type='DeformableDetrTransformerDecoder', num_layers=6,\n"
    "                return_intermediate=True,\n"
    "                transformerlayers=dict(type='DetrTransformerDecoderLayer',\n"
    "                    attn_cfgs=[dict(type='MultiheadAttention', embed_dims=256,\n"
    "                                    num_heads=8, dropout=0.1),\n"
    "                               dict(type='MultiScaleDeformableAttention',\n"
    "                                    embed_dims=256)],\n"
    "                    feedforward_channels=1024, ffn_dropout=0.1,\n"
    "                    operation_order=('self_attn', 'norm', 'cross_attn', 'norm',\n"
    "                                     'ffn', 'norm')))),\n"
    "        positional_encoding=dict(type='SinePositionalEncoding', num_feats=128,\n"
    "                                 normalize=True, offset=-0.5)))\n"
)
_NEW = (
    "model = dict(type='DeformableDETR',\n"
    "    bbox_head=dict(type='DeformableDETRHead', num_classes=80),\n"
    "    num_queries=%d, with_box_refine=True, as_two_stage=%s,\n"
    "    encoder=dict(num_layers=6, layer_cfg=dict(\n"
    "        self_attn_cfg=dict(embed_dims=256, batch_first=True),\n"
    "        ffn_cfg=dict(embed_dims=256, feedforward_channels=1024, ffn_drop=0.1))),\n"
    "    decoder=dict(num_layers=6, return_intermediate=True, layer_cfg=dict(\n"
    "        self_attn_cfg=dict(embed_dims=256, num_heads=8, dropout=0.1, batch_first=True),\n"
    "        cross_attn_cfg=dict(embed_dims=256, batch_first=True),\n"
    "        ffn_cfg=dict(embed_dims=256, feedforward_channels=1024, ffn_drop=0.1)),\n"
    "        post_norm_cfg=None),\n"
    "    positional_encoding=dict(num_feats=128, normalize=True, offset=-0.5))\n"
)
EXAMPLES = (
    Example(_OLD % "False", _NEW % (200, "False")),
    Example(_OLD % "True", _NEW % (300, "True")),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move the transformer."""
    found = find_transformer(
        old,
        "DeformableDETRHead",
        "DeformableDetrTransformer",
        DEFORMABLE_ENCODER,
        DEFORMABLE_DECODER,
    )
    if found is None:
        return
    if found.misfit is not None:
        yield found.stay(new)
        return
    head, transformer, encoder, decoder = found.parts
    target = new.child("model")
    if head.get("as_two_stage") is True:
        head.drop("num_query", Reason.NO_EFFECT)
        if "two_stage_num_proposals" in transformer:
            transformer.move("two_stage_num_proposals", target, "num_queries")
        else:
            target.put("num_queries", 300)
    else:
        transformer.drop("two_stage_num_proposals", Reason.NO_EFFECT)
        move_queries(head, target)
    for key in ("with_box_refine", "as_two_stage"):
        head.move(key, target)
    head.drop("in_channels", Reason.NO_EFFECT)
    transformer.drop("type", Reason.AUTOMATIC)
    transformer.drop("as_two_stage", Reason.NO_EFFECT)
    transformer.drop("init_cfg", Reason.NO_EFFECT)
    transformer.move("num_feature_levels", target)
    move_layers(encoder, target.child("encoder"), DEFORMABLE_ENCODER)
    below = target.child("decoder")
    move_layers(decoder, below, DEFORMABLE_DECODER)
    below.put("post_norm_cfg", None)
    yield from move_encoding(head, target)
