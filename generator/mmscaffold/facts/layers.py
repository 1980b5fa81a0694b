"""What detectors and heads of mmdet build of dicts without a ``type``, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Layer(NamedTuple):
    """A class that is called with a dict of the config, and no registry is asked.

    Attributes:
        name: The class.
        arguments: What it takes.
        built: Of those, what it builds itself of a dict.
    """

    name: str
    arguments: frozenset[str]
    built: Mapping[str, Layer] = {}


# mmcv/cnn/bricks/transformer.py and mmcv/ops/multi_scale_deform_attn.py; further arguments of
# the first go on to torch.nn.MultiheadAttention. What is deprecated is still taken.
_MULTI_HEAD = Layer(
    "MultiheadAttention",
    frozenset(
        {
            "embed_dims", "num_heads", "attn_drop", "proj_drop", "dropout_layer", "init_cfg",
            "batch_first", "dropout", "bias", "add_bias_kv", "add_zero_attn", "kdim", "vdim",
            "device", "dtype",
        }
    ),
)  # fmt: skip
_DEFORMABLE = Layer(
    "MultiScaleDeformableAttention",
    frozenset(
        {
            "embed_dims", "num_heads", "num_levels", "num_points", "im2col_step", "dropout",
            "batch_first", "norm_cfg", "init_cfg", "value_proj_ratio",
        }
    ),
)  # fmt: skip
_FFN = Layer(
    "FFN",
    frozenset(
        {
            "embed_dims", "feedforward_channels", "num_fcs", "act_cfg", "ffn_drop",
            "dropout_layer", "add_identity", "init_cfg", "layer_scale_init_value", "dropout",
            "add_residual",
        }
    ),
)  # fmt: skip

# mmdet/models/layers/positional_encoding.py
_SINE = Layer(
    "SinePositionalEncoding",
    frozenset({"num_feats", "temperature", "normalize", "scale", "eps", "offset", "init_cfg"}),
)

# mmdet/models/layers/transformer
_CONDITIONAL = Layer(
    "ConditionalAttention",
    frozenset(
        {
            "embed_dims", "num_heads", "attn_drop", "proj_drop", "cross_attn", "keep_query_pos",
            "batch_first", "init_cfg",
        }
    ),
)  # fmt: skip
_FUSION = Layer(
    "SingleScaleBiAttentionBlock",
    frozenset({"v_dim", "l_dim", "embed_dim", "num_heads", "dropout", "drop_path", "init_values"}),
)
_QUERIES = Layer(
    "CdnQueryGenerator",
    frozenset(
        {
            "num_classes", "embed_dims", "num_matching_queries", "label_noise_scale",
            "box_noise_scale", "group_cfg",
        }
    ),
)  # fmt: skip


def _layer(name: str, **attentions: Layer) -> Layer:
    built = {**{f"{key}_cfg": value for key, value in attentions.items()}, "ffn_cfg": _FFN}
    return Layer(name, frozenset({*built, "norm_cfg", "init_cfg"}), built)


def _encoder(name: str, of: Layer, **others: Layer) -> Layer:
    built = {"layer_cfg": of, **others}
    return Layer(name, frozenset({*built, "num_layers", "num_cp", "init_cfg"}), built)


def _decoder(name: str, of: Layer, *others: str) -> Layer:
    own = {"num_layers", "layer_cfg", "post_norm_cfg", "return_intermediate", "init_cfg"}
    return Layer(name, frozenset({*own, *others}), {"layer_cfg": of})


_PLAIN_LAYER = _layer("DetrTransformerEncoderLayer", self_attn=_MULTI_HEAD)
_DEFORMABLE_LAYER = _layer("DeformableDetrTransformerEncoderLayer", self_attn=_DEFORMABLE)
_DEFORMABLE_DECODER_LAYER = _layer(
    "DeformableDetrTransformerDecoderLayer", self_attn=_MULTI_HEAD, cross_attn=_DEFORMABLE
)
_PLAIN_ENCODER = _encoder("DetrTransformerEncoder", _PLAIN_LAYER)
_PLAIN_DECODER = _decoder(
    "DetrTransformerDecoder",
    _layer("DetrTransformerDecoderLayer", self_attn=_MULTI_HEAD, cross_attn=_MULTI_HEAD),
)
_DEFORMABLE_ENCODER = _encoder("DeformableDetrTransformerEncoder", _DEFORMABLE_LAYER)
_DINO: Mapping[str, Layer] = {
    "positional_encoding": _SINE,
    "encoder": _DEFORMABLE_ENCODER,
    "decoder": _decoder("DinoTransformerDecoder", _DEFORMABLE_DECODER_LAYER),
    "dn_cfg": _QUERIES,
}
_FEATURES = frozenset(
    {
        "in_channels", "feat_channels", "start_level", "end_level", "out_channels", "mask_stride",
        "conv_cfg", "norm_cfg", "init_cfg",
    }
)  # fmt: skip

BUILT_OF_DICTS: Mapping[str, Mapping[str, Layer]] = {
    "mmdet.models.detectors.detr.DETR": {
        "positional_encoding": _SINE,
        "encoder": _PLAIN_ENCODER,
        "decoder": _PLAIN_DECODER,
    },
    "mmdet.models.detectors.conditional_detr.ConditionalDETR": {
        "positional_encoding": _SINE,
        "encoder": _PLAIN_ENCODER,
        "decoder": _decoder(
            "ConditionalDetrTransformerDecoder",
            _layer(
                "ConditionalDetrTransformerDecoderLayer",
                self_attn=_CONDITIONAL,
                cross_attn=_CONDITIONAL,
            ),
        ),
    },
    "mmdet.models.detectors.dab_detr.DABDETR": {
        "positional_encoding": _SINE,
        "encoder": _encoder("DABDetrTransformerEncoder", _PLAIN_LAYER),
        "decoder": _decoder(
            "DABDetrTransformerDecoder",
            _layer(
                "DABDetrTransformerDecoderLayer", self_attn=_CONDITIONAL, cross_attn=_CONDITIONAL
            ),
            "query_dim",
            "query_scale_type",
            "with_modulated_hw_attn",
        ),
    },
    "mmdet.models.detectors.deformable_detr.DeformableDETR": {
        "positional_encoding": _SINE,
        "encoder": _DEFORMABLE_ENCODER,
        "decoder": _decoder("DeformableDetrTransformerDecoder", _DEFORMABLE_DECODER_LAYER),
    },
    "mmdet.models.detectors.dino.DINO": _DINO,
    "mmdet.models.detectors.ddq_detr.DDQDETR": _DINO,
    "mmdet.models.detectors.grounding_dino.GroundingDINO": {
        **_DINO,
        "encoder": _encoder(
            "GroundingDinoTransformerEncoder",
            _DEFORMABLE_LAYER,
            text_layer_cfg=_PLAIN_LAYER,
            fusion_layer_cfg=_FUSION,
        ),
        "decoder": _decoder(
            "GroundingDinoTransformerDecoder",
            _layer(
                "GroundingDinoTransformerDecoderLayer",
                self_attn=_MULTI_HEAD,
                cross_attn_text=_MULTI_HEAD,
                cross_attn=_DEFORMABLE,
            ),
        ),
    },
    "mmdet.models.dense_heads.maskformer_head.MaskFormerHead": {
        "positional_encoding": _SINE,
        "transformer_decoder": _PLAIN_DECODER,
    },
    "mmdet.models.dense_heads.mask2former_head.Mask2FormerHead": {
        "positional_encoding": _SINE,
        "transformer_decoder": _decoder(
            "Mask2FormerTransformerDecoder",
            _layer(
                "Mask2FormerTransformerDecoderLayer",
                self_attn=_MULTI_HEAD,
                cross_attn=_MULTI_HEAD,
            ),
        ),
    },
    "mmdet.models.layers.msdeformattn_pixel_decoder.MSDeformAttnPixelDecoder": {
        "positional_encoding": _SINE,
        "encoder": _encoder("Mask2FormerTransformerEncoder", _DEFORMABLE_LAYER),
    },
    "mmdet.models.layers.pixel_decoder.TransformerEncoderPixelDecoder": {
        "positional_encoding": _SINE,
        "encoder": _PLAIN_ENCODER,
    },
    "mmdet.models.dense_heads.condinst_head.CondInstMaskHead": {
        "mask_feature_head": Layer("MaskFeatModule", _FEATURES | {"num_stacked_convs"}),
    },
    "mmdet.models.dense_heads.solov2_head.SOLOV2Head": {
        "mask_feature_head": Layer("MaskFeatModule", _FEATURES),
    },
}
"""By the class that builds them, and its argument."""
