"""How many channels backbones of mmdet give, one row each, and the necks that take them so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Backbone(NamedTuple):
    """The widths of the stages of a backbone, each twice that of the one before.

    Attributes:
        argument: The argument that sets the width of the first stage.
        default: What it is where the argument is not set.
        factors: For each ``depth``, by how much the blocks widen what they give; empty for
            backbones without that.
    """

    argument: str
    default: int
    factors: Mapping[int, int] = {}

    def width(self, stage: int, base: int, depth: int | None) -> int | None:
        """The channels of a stage, counted from 0; ``None`` for a depth that it does not have."""
        factor = self.factors.get(depth or 0) if self.factors else 1
        return None if factor is None else base * 2**stage * factor


OUT_INDICES = (0, 1, 2, 3)
"""The stages that these give, where ``out_indices`` is not set."""

# mmdet/models/backbones/resnet.py: BasicBlock keeps the width, Bottleneck takes four times that.
_RESNET = Backbone("base_channels", 64, {18: 1, 34: 1, 50: 4, 101: 4, 152: 4})
BACKBONES: Mapping[str, Backbone] = {
    "mmdet.models.backbones.resnet.ResNet": _RESNET,
    "mmdet.models.backbones.resnet.ResNetV1d": _RESNET,
    # All that it has are of the other blocks.
    "mmdet.models.backbones.resnext.ResNeXt": Backbone(
        "base_channels", 64, {50: 4, 101: 4, 152: 4}
    ),
    # mmdet/models/backbones/swin.py
    "mmdet.models.backbones.swin.SwinTransformer": Backbone("embed_dims", 96),
}
"""By the class that defines them."""

FIRST_LEVEL = "start_level"
LAST_LEVEL = "end_level"
NECKS = frozenset(
    {
        "mmdet.models.necks.channel_mapper.ChannelMapper",
        "mmdet.models.necks.fpn.FPN",
        "mmdet.models.necks.fpn_carafe.FPN_CARAFE",
        "mmdet.models.necks.fpn_dropblock.FPN_DropBlock",
        "mmdet.models.necks.pafpn.PAFPN",
    }
)
"""Necks with a layer of ``in_channels`` for each input, from ``start_level`` on."""
