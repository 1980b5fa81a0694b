"""COCO annotations over images that come with a second file each."""

from __future__ import annotations

import os.path as osp
from typing import List, Union

from mmdet.datasets import CocoDataset
from mmdet.registry import DATASETS


@DATASETS.register_module()
class MultimodalCocoDataset(CocoDataset):
    """Knows for each image the file that belongs to it.

    The second file has the name of the first, and lies in the folder that
    ``data_prefix`` names ``extra``; ``img`` is the folder of the images. Other
    arguments are those of MMDetection's ``CocoDataset``.
    """

    def parse_data_info(self, raw_data_info: dict) -> Union[dict, List[dict]]:
        """Add ``extra_path`` to what MMDetection knows of an image.

        Args:
            raw_data_info: The raw annotations of one image.

        Returns:
            What the transforms get; ``extra_path`` is the path of the second file.
        """
        info = super().parse_data_info(raw_data_info)
        name = raw_data_info["raw_img_info"]["file_name"]
        info["extra_path"] = osp.join(self.data_prefix["extra"], name)
        return info
