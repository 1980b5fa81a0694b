"""How many channels backbones of mmdet give, one row each, and the necks that take them so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Doubled(NamedTuple):
    """A backbone each of whose stages is twice as wide as the one before.

    Attributes:
        argument: The argument that sets the width of the first stage.
        default: What it is where the argument is not set.
        factors: For each ``depth``, by how much the blocks widen what they give; empty for
            backbones without that.
        out_indices: The stages that it gives, where that is not set.
    """

    argument: str
    default: int
    factors: Mapping[int, int] = {}
    out_indices: tuple[int, ...] = (0, 1, 2, 3)

    def width(self, stage: int, values: Mapping[str, Any]) -> int | None:
        """The channels of a stage, counted from 0; ``None`` where that is not known.

        Args:
            stage: The stage.
            values: The backbone, as a config has it.
        """
        base, depth = values.get(self.argument, self.default), values.get("depth")
        if not _is_count(base) or not (depth is None or _is_count(depth)):
            return None
        factor = self.factors.get(depth or 0) if self.factors else 1
        return None if factor is None else base * 2**stage * factor


class Scaled(NamedTuple):
    """A backbone that widens or narrows the widths of its ``arch`` by ``widen_factor``.

    Attributes:
        widths: Of each ``arch``, the first of which is the default.
        replaced_by: The argument that brings other stages; with it, nothing is known.
        out_indices: The stages that it gives, where that is not set.
    """

    widths: Mapping[str, tuple[int, ...]]
    replaced_by: str
    out_indices: tuple[int, ...]

    def width(self, stage: int, values: Mapping[str, Any]) -> int | None:
        """The channels of a stage, counted from 0; ``None`` where that is not known.

        Args:
            stage: The stage.
            values: The backbone, as a config has it.
        """
        arch, factor = values.get("arch", next(iter(self.widths))), values.get("widen_factor", 1)
        widths = self.widths.get(arch, ()) if isinstance(arch, str) else ()
        is_factor = isinstance(factor, int | float) and not isinstance(factor, bool)
        if not is_factor or values.get(self.replaced_by) or stage >= len(widths):
            return None
        return int(widths[stage] * factor)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


WIDTH_ARGUMENTS = ("depth", "out_indices", "arch", "widen_factor", "embed_dims", "base_channels")
"""The arguments on which the widths depend."""

# mmdet/models/backbones/resnet.py: BasicBlock keeps the width, Bottleneck takes four times that.
_RESNET = Doubled("base_channels", 64, {18: 1, 34: 1, 50: 4, 101: 4, 152: 4})
# mmdet/models/backbones/csp_darknet.py and cspnext.py: the stem, and what the stages give.
_CSP = Scaled(
    {"P5": (64, 128, 256, 512, 1024), "P6": (64, 128, 256, 512, 768, 1024)},
    "arch_ovewrite",
    (2, 3, 4),
)
BACKBONES: Mapping[str, Doubled | Scaled] = {
    "mmdet.models.backbones.csp_darknet.CSPDarknet": _CSP,
    "mmdet.models.backbones.cspnext.CSPNeXt": _CSP,
    "mmdet.models.backbones.resnet.ResNet": _RESNET,
    "mmdet.models.backbones.resnet.ResNetV1d": _RESNET,
    # All that it has are of the other blocks.
    "mmdet.models.backbones.resnext.ResNeXt": Doubled(
        "base_channels", 64, {50: 4, 101: 4, 152: 4}
    ),
    # mmdet/models/backbones/swin.py
    "mmdet.models.backbones.swin.SwinTransformer": Doubled("embed_dims", 96),
}
"""By the class that defines them."""

FIRST_LEVEL = "start_level"
LAST_LEVEL = "end_level"
NECKS = frozenset(
    {
        "mmdet.models.necks.channel_mapper.ChannelMapper",
        "mmdet.models.necks.cspnext_pafpn.CSPNeXtPAFPN",
        "mmdet.models.necks.fpn.FPN",
        "mmdet.models.necks.fpn_carafe.FPN_CARAFE",
        "mmdet.models.necks.fpn_dropblock.FPN_DropBlock",
        "mmdet.models.necks.pafpn.PAFPN",
        "mmdet.models.necks.yolox_pafpn.YOLOXPAFPN",
    }
)
"""Necks with a layer of ``in_channels`` for each input, from ``start_level`` on."""
