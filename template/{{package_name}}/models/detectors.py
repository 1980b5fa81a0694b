"""Detectors: MMDetection's own, with a place for another input."""

from __future__ import annotations

from typing import Any, Dict, Union

import torch
from mmdet.models import RetinaNet
from mmdet.registry import MODELS
from torch import Tensor


@MODELS.register_module()
class MyRetinaNet(RetinaNet):
    """RetinaNet, whose forward pass can read more than the image.

    Takes the arguments of MMDetection's ``RetinaNet`` and by default behaves exactly
    like it.
    """

    def read_inputs(self, inputs: Union[Tensor, Dict[str, Tensor]]) -> Tensor:
        """Turn what the data preprocessor yields into the backbone's input.

        Override it when your model takes other inputs, for example to fuse a second
        image. MMDetection's own data preprocessor drops a fourth channel without a
        word when it converts BGR to RGB, so bring one of your own with it.

        Args:
            inputs: The batch, N x C x H x W, or a dict of such tensors.

        Returns:
            The input of the backbone, N x C x H x W.
        """
        if isinstance(inputs, dict):
            return torch.cat(list(inputs.values()), dim=1)
        return inputs

    def extract_feat(self, batch_inputs: Union[Tensor, Dict[str, Tensor]]) -> Any:
        """Extract features; every mode of the detector comes through here.

        Args:
            batch_inputs: The batch, as the data preprocessor yields it.

        Returns:
            The feature maps of the neck, one N x C x H x W tensor per level.
        """
        return super().extract_feat(self.read_inputs(batch_inputs))
