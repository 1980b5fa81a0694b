"""The models of this project; importing them registers them with MMDetection."""

from .detectors import MyRetinaNet

__all__ = ["MyRetinaNet"]
