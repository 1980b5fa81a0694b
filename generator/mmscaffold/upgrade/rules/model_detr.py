"""DETR: the transformer moves from the head to the detector.

In 2.x the head held ``transformer``, ``positional_encoding`` and ``num_query``, and projected the
features of the backbone itself. In 3.x the detector has ``encoder``, ``decoder``,
``positional_encoding`` and ``num_queries``, and a ``ChannelMapper`` as its neck projects them.
``return_intermediate`` is False by default in 2.x and True in 3.x, so it is written out.

What 3.x cannot build of a transformer (another order of operations, a class of its own) is left
as it is, with a note (UP210).

Sources: mmdet 2.28.2, models/detectors/detr.py, models/dense_heads/detr_head.py,
models/utils/transformer.py; mmdet 3.3.0, the same names.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.models.detr_transformer import (
    find_transformer,
    move_encoding,
    move_queries,
)
from mmscaffold.upgrade.models.transformer_layers import (
    DECODER,
    ENCODER,
    move_layers,
)
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-31 detr", "mmdet"
WRITES = ("model",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "model = dict(type='DETR', backbone=dict(type='ResNet', depth=50),\n"
        "    bbox_head=dict(type='DETRHead', num_classes=80, in_channels=2048,\n"
        "        transformer=dict(type='Transformer',\n"
        "            encoder=dict(type='DetrTransformerEncoder', num_layers=6,\n"
        "                transformerlayers=dict(type='BaseTransformerLayer',\n"
        "                    attn_cfgs=[dict(type='MultiheadAttention', embed_dims=256,\n"
        "                                    num_heads=8, dropout=0.1)],\n"
        "                    feedforward_channels=2048, ffn_dropout=0.1,\n"
        "                    operation_order=('self_attn', 'norm', 'ffn', 'norm'))),\n"
        "            decoder=dict(type='DetrTransformerDecoder', num_layers=6,\n"
        "                transformerlayers=dict(type='DetrTransformerDecoderLayer',\n"
        "                    attn_cfgs=dict(type='MultiheadAttention', embed_dims=256,\n"
        "                                   num_heads=8, dropout=0.1),\n"
        "                    feedforward_channels=2048, ffn_dropout=0.1,\n"
        "                    operation_order=('self_attn', 'norm', 'cross_attn', 'norm',\n"
        "                                     'ffn', 'norm'))))))\n",
        "model = dict(type='DETR', backbone=dict(type='ResNet', depth=50),\n"
        "    bbox_head=dict(type='DETRHead', num_classes=80),\n"
        "    num_queries=100,\n"
        "    neck=dict(type='ChannelMapper', in_channels=[2048], kernel_size=1,\n"
        "              out_channels=256, act_cfg=None, norm_cfg=None, num_outs=1),\n"
        "    encoder=dict(num_layers=6, layer_cfg=dict(\n"
        "        self_attn_cfg=dict(embed_dims=256, num_heads=8, dropout=0.1, batch_first=True),\n"
        "        ffn_cfg=dict(embed_dims=256, feedforward_channels=2048, ffn_drop=0.1))),\n"
        "    decoder=dict(num_layers=6, return_intermediate=False, layer_cfg=dict(\n"
        "        self_attn_cfg=dict(embed_dims=256, num_heads=8, dropout=0.1, batch_first=True),\n"
        "        cross_attn_cfg=dict(embed_dims=256, num_heads=8, dropout=0.1,\n"
        "                            batch_first=True),\n"
        "        ffn_cfg=dict(embed_dims=256, feedforward_channels=2048, ffn_drop=0.1))),\n"
        "    positional_encoding=dict(num_feats=128, normalize=True))\n",
    ),
    Example(  # Norms first: 3.x has no such DETR.
        "model = dict(type='DETR', bbox_head=dict(type='DETRHead', transformer=dict(\n"
        "    type='Transformer', encoder=dict(type='DetrTransformerEncoder', num_layers=6,\n"
        "        transformerlayers=dict(attn_cfgs=dict(type='MultiheadAttention'),\n"
        "            operation_order=('norm', 'self_attn', 'norm', 'ffn'))))))\n",
        "model = dict(type='DETR', bbox_head=dict(type='DETRHead', transformer=dict(\n"
        "    type='Transformer', encoder=dict(type='DetrTransformerEncoder', num_layers=6,\n"
        "        transformerlayers=dict(attn_cfgs=dict(type='MultiheadAttention'),\n"
        "            operation_order=('norm', 'self_attn', 'norm', 'ffn'))))))\n",
        ("UP210",),
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move the transformer."""
    found = find_transformer(old, "DETRHead", "Transformer", ENCODER, DECODER)
    if found is None:
        return
    if found.misfit is not None:
        yield found.stay(new)
        return
    head, transformer, encoder, decoder = found.parts
    target = new.child("model")
    move_queries(head, target)
    _move_projection(head, target, encoder)
    transformer.drop("type", Reason.AUTOMATIC)
    transformer.drop("init_cfg", Reason.NO_EFFECT)
    move_layers(encoder, target.child("encoder"), ENCODER)
    below = target.child("decoder")
    move_layers(decoder, below, DECODER)
    if "return_intermediate" not in below:
        below.put("return_intermediate", False)
    yield from move_encoding(head, target)


def _move_projection(head: Part, target: New, encoder: Part) -> None:
    if "in_channels" not in head:
        return
    channels = CfgList()
    channels.append(head.take("in_channels"), origin_of(head.values, "in_channels"))
    layers = encoder.get("transformerlayers")
    attention = layers.get("attn_cfgs")
    one = attention if isinstance(attention, CfgDict) else attention[0]
    dims = one.get("embed_dims", 256)
    neck = target.child("neck")
    for key, value in (
        ("type", "ChannelMapper"),
        ("in_channels", channels),
        ("kernel_size", 1),
        ("out_channels", dims),
        ("act_cfg", None),
        ("norm_cfg", None),
        ("num_outs", 1),
    ):
        neck.put(key, value)
    if dims != 256:
        target.child("bbox_head").put("embed_dims", dims)
