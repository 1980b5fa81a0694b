"""Transformers of mmcv 1.x, as 3.x's detectors build them.

In mmcv 1.x a layer was put together of ``attn_cfgs``, ``ffn_cfgs`` and an ``operation_order``.
Each class of 3.x has one order, and takes ``self_attn_cfg``, ``cross_attn_cfg`` and ``ffn_cfg``.

Sources: mmcv 1.7.2, cnn/bricks/transformer.py (``BaseTransformerLayer``, ``MultiheadAttention``,
``FFN``) and ops/multi_scale_deform_attn.py; mmdet 2.28.2, models/utils/transformer.py; mmdet
3.3.0, models/layers/transformer/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.part import New, Part

ATTENTION = "MultiheadAttention"
DEFORMABLE = "MultiScaleDeformableAttention"
_NAMES = {"self_attn": "self_attn_cfg", "cross_attn": "cross_attn_cfg"}
_DECODER_LAYER = "DetrTransformerDecoderLayer"


@dataclass(frozen=True)
class Layout:
    """How a class of 3.x puts its layers together.

    Attributes:
        order: Its operations.
        attentions: The class of each attention, in that order.
        sequences: What 2.x called the whole of its layers.
    """

    order: tuple[str, ...]
    attentions: tuple[str, ...]
    sequences: tuple[str, ...]


_ENCODER = ("self_attn", "norm", "ffn", "norm")
_DECODER = ("self_attn", "norm", "cross_attn", "norm", "ffn", "norm")
_MASKED = ("cross_attn", "norm", "self_attn", "norm", "ffn", "norm")
ENCODER = Layout(_ENCODER, (ATTENTION,), ("DetrTransformerEncoder",))
DECODER = Layout(_DECODER, (ATTENTION, ATTENTION), ("DetrTransformerDecoder",))
DEFORMABLE_ENCODER = Layout(_ENCODER, (DEFORMABLE,), ("DetrTransformerEncoder",))
DEFORMABLE_DECODER = Layout(
    _DECODER, (ATTENTION, DEFORMABLE), ("DeformableDetrTransformerDecoder",)
)
MASKED_DECODER = Layout(_MASKED, (ATTENTION, ATTENTION), ("DetrTransformerDecoder",))

# What an argument may be to be left out, because it is that without it.
_ATTENTION_DEFAULTS: dict[str, Any] = {
    "init_cfg": None, "norm_cfg": None, "im2col_step": 64, "batch_first": False,
}  # fmt: skip
_FFN_DEFAULTS: dict[str, Any] = {
    "type": "FFN", "dropout_layer": None, "add_identity": True, "init_cfg": None,
}  # fmt: skip


def misfit(part: Part | None, layout: Layout) -> str | None:
    """Why layers cannot be what 3.x builds; ``None`` if they can.

    Args:
        part: A whole encoder or decoder of the old config.
        layout: What 3.x builds.
    """
    if part is None:
        return "it is not a dict"
    if _bare(part.get("type")) not in layout.sequences:
        return f"{part.get('type')} is not {layout.sequences[0]}"
    layers = part.get("transformerlayers")
    if not isinstance(layers, CfgDict):
        return "its layers are not one dict"
    order = layers.get("operation_order")
    if not isinstance(order, list | tuple) or tuple(order) != layout.order:
        return "3.x has another order of operations"
    attentions = _attentions(layers, len(layout.attentions))
    if attentions is None:
        return "its attentions are not dicts"
    for one, wanted in zip(attentions, layout.attentions, strict=True):
        if _bare(one.get("type")) != wanted:
            return f"3.x has {wanted} there"
    ffn = layers.get("ffn_cfgs")
    if ffn is not None and not isinstance(ffn, CfgDict):
        return "its ffn_cfgs are not one dict"
    return None


def _bare(name: Any) -> str:
    return name.rpartition(".")[2] if isinstance(name, str) else ""


def _attentions(layers: CfgDict, count: int) -> list[CfgDict] | None:
    given = layers.get("attn_cfgs")
    if isinstance(given, CfgDict):
        return [given] * count
    if not isinstance(given, CfgList | CfgTuple) or len(given) != count:
        return None
    return list(given) if all(isinstance(one, CfgDict) for one in given) else None


def move_layers(part: Part, new: New, layout: Layout) -> None:
    """Move an encoder or decoder that fits.

    Args:
        part: The old one.
        new: The new one.
        layout: What 3.x builds.
    """
    part.drop("type", Reason.AUTOMATIC)
    _drop_default(part, "init_cfg", None)
    if "post_norm_cfg" in part and layout.order == _ENCODER:
        # Used only where the first operation is a norm.
        part.drop("post_norm_cfg", Reason.NO_EFFECT)
    layers = part.part("transformerlayers")
    assert layers is not None
    _move_layer(layers, new.child("layer_cfg"), layout)
    part.rest(new)


def _move_layer(layers: Part, new: New, layout: Layout) -> None:
    is_decoder_layer = _bare(layers.get("type")) == _DECODER_LAYER
    layers.drop("type", Reason.AUTOMATIC)
    layers.drop("operation_order", Reason.AUTOMATIC)
    layers.drop("batch_first", Reason.AUTOMATIC)
    # BaseTransformerLayer did not hand it on to the FFN.
    layers.drop("act_cfg", Reason.NO_EFFECT)
    _drop_default(layers, "init_cfg", None)
    if layers.get("norm_cfg") == {"type": "LN"}:
        layers.drop("norm_cfg", Reason.DEFAULT)
    names = [_NAMES[one] for one in layout.order if one in _NAMES]
    given = layers.get("attn_cfgs")
    # One dict for all attentions is moved to each of them.
    parts = layers.elements("attn_cfgs")
    if isinstance(given, CfgDict):
        parts = [layers.part("attn_cfgs") for _ in names]
    for name, attention in zip(names, parts, strict=True):
        _move_attention(attention, new.child(name))
    dims = parts[0].get("embed_dims")
    _move_ffn(layers, new.child("ffn_cfg"), 256 if dims is None else dims, is_decoder_layer)
    layers.rest(new)


def _move_attention(attention: Part, new: New) -> None:
    attention.drop("type", Reason.AUTOMATIC)
    both = attention.get("attn_drop")
    if (
        "dropout" not in attention
        and isinstance(both, int | float)
        and both == attention.get("proj_drop")
        and attention.get("dropout_layer", 0) is None
    ):
        # One dropout after the projection, whichever of the two layers has it.
        attention.move("attn_drop", new, "dropout")
        attention.take("proj_drop")
        attention.take("dropout_layer")
    for key, default in _ATTENTION_DEFAULTS.items():
        _drop_default(attention, key, default)
    attention.drop("batch_first", Reason.AUTOMATIC)
    attention.rest(new)
    new.put("batch_first", True)


def _move_ffn(layers: Part, new: New, dims: Any, is_decoder_layer: bool) -> None:
    ffn = layers.part("ffn_cfgs")
    if ffn is not None and "embed_dims" in ffn:
        ffn.move("embed_dims", new)
    else:
        new.put("embed_dims", dims)
    for old, name in (
        ("feedforward_channels", "feedforward_channels"),
        ("ffn_dropout", "ffn_drop"),
        ("ffn_num_fcs", "num_fcs"),
    ):
        if old in layers:
            # What the layer says is put over what its FFN says.
            layers.move(old, new, name)
            if ffn is not None:
                ffn.drop(name, Reason.NO_EFFECT)
        elif is_decoder_layer and ffn is not None and name in ffn:
            _put_decoder_default(ffn, new, name)
    if ffn is not None:
        for key, default in _FFN_DEFAULTS.items():
            _drop_default(ffn, key, default)
        ffn.rest(new)


def _put_decoder_default(ffn: Part, new: New, name: str) -> None:
    """DetrTransformerDecoderLayer put its own default over what the FFN was given."""
    default = {"ffn_drop": 0.0, "num_fcs": 2}.get(name)
    if default is None or ffn.get(name) == default:
        return
    ffn.drop(name, Reason.NO_EFFECT)
    new.put(name, default)


def _drop_default(part: Part, key: str, default: Any) -> None:
    value = part.get(key)
    if key in part and not isinstance(value, Unknown) and value == default:
        part.drop(key, Reason.DEFAULT)


def move_positional_encoding(part: Part, new: New) -> str | None:
    """Move the positional encoding of a dict, which 3.x builds without a ``type``.

    Returns:
        Why it cannot be what 3.x builds; ``None`` if it can.
    """
    key = "positional_encoding"
    inner = part.part(key)
    if inner is None:
        return None
    if _bare(inner.get("type")) not in ("SinePositionalEncoding", ""):
        return f"{inner.get('type')} is not SinePositionalEncoding"
    inner.drop("type", Reason.AUTOMATIC)
    inner.rest(new.child(key))
    return None
