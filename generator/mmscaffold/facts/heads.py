"""What the heads of mmdet take of a neck: the channels of its levels, and how many of these."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Levels(enum.Enum):
    """How many levels a head takes, beside those that its anchors or points are made for."""

    SAME = "as many"
    SOME = "as many or more, of which it leaves out the last ones without a word"
    ANY = "not told here"


_DENSE = "mmdet.models.dense_heads"
# Each runs the same convolutions of in_channels over all levels; loss_by_feat holds the number
# of levels against that of the anchor generator, but multi_apply ends with the shortest.
HEADS: Mapping[str, Levels] = {
    f"{_DENSE}.atss_head.ATSSHead": Levels.SOME,
    f"{_DENSE}.autoassign_head.AutoAssignHead": Levels.SOME,
    f"{_DENSE}.condinst_head.CondInstBboxHead": Levels.SOME,
    f"{_DENSE}.ddod_head.DDODHead": Levels.SOME,
    f"{_DENSE}.fcos_head.FCOSHead": Levels.SOME,
    f"{_DENSE}.fovea_head.FoveaHead": Levels.SAME,
    f"{_DENSE}.free_anchor_retina_head.FreeAnchorRetinaHead": Levels.SAME,
    f"{_DENSE}.fsaf_head.FSAFHead": Levels.SAME,
    f"{_DENSE}.gfl_head.GFLHead": Levels.SOME,
    f"{_DENSE}.paa_head.PAAHead": Levels.SOME,
    f"{_DENSE}.pisa_retinanet_head.PISARetinaHead": Levels.SAME,
    f"{_DENSE}.reppoints_head.RepPointsHead": Levels.ANY,
    f"{_DENSE}.retina_head.RetinaHead": Levels.SAME,
    f"{_DENSE}.retina_sepbn_head.RetinaSepBNHead": Levels.SAME,
    f"{_DENSE}.rpn_head.RPNHead": Levels.SAME,
    f"{_DENSE}.rtmdet_head.RTMDetHead": Levels.ANY,
    f"{_DENSE}.rtmdet_head.RTMDetSepBNHead": Levels.ANY,
    f"{_DENSE}.rtmdet_ins_head.RTMDetInsHead": Levels.ANY,
    f"{_DENSE}.rtmdet_ins_head.RTMDetInsSepBNHead": Levels.ANY,
    f"{_DENSE}.tood_head.TOODHead": Levels.SOME,
    f"{_DENSE}.vfnet_head.VFNetHead": Levels.SOME,
    f"{_DENSE}.yolox_head.YOLOXHead": Levels.ANY,
}
"""By the class that defines them; those derived from them may do otherwise."""

EXTRACTOR = "mmdet.models.roi_heads.roi_extractors.single_level_roi_extractor.SingleRoIExtractor"
"""It copies each level into features of its own ``out_channels``."""

_NECKS = "mmdet.models.necks"
WITH_NUM_OUTS = frozenset(
    {
        f"{_NECKS}.fpn.FPN",
        f"{_NECKS}.fpn_carafe.FPN_CARAFE",
        f"{_NECKS}.fpn_dropblock.FPN_DropBlock",
        f"{_NECKS}.pafpn.PAFPN",
    }
)
"""Necks that give ``num_outs`` levels."""

WITH_ALL_INPUTS = frozenset(
    {f"{_NECKS}.cspnext_pafpn.CSPNeXtPAFPN", f"{_NECKS}.yolox_pafpn.YOLOXPAFPN"}
)
"""Necks that give one level for each of ``in_channels``."""
