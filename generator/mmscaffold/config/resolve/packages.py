"""Find installed packages that hold configs, without importing them."""

from __future__ import annotations

from importlib.machinery import PathFinder
from pathlib import Path

# The module that a config names, and the distribution that installs it, as in
# MODULE2PACKAGE of mmengine/config/utils.py.
DISTRIBUTIONS = {
    "mmaction": "mmaction2",
    "mmagic": "mmagic",
    "mmcls": "mmcls",
    "mmdet": "mmdet",
    "mmdet3d": "mmdet3d",
    "mmedit": "mmedit",
    "mmfewshot": "mmfewshot",
    "mmflow": "mmflow",
    "mmgen": "mmgen",
    "mmhuman3d": "mmhuman3d",
    "mmocr": "mmocr",
    "mmpose": "mmpose",
    "mmpretrain": "mmpretrain",
    "mmrazor": "mmrazor",
    "mmrotate": "mmrotate",
    "mmseg": "mmsegmentation",
    "mmselfsup": "mmselfsup",
    "mmtrack": "mmtrack",
    "mmyolo": "mmyolo",
}


def installed_package(module: str) -> Path | None:
    """The folder of an installed top-level package, or ``None``.

    Only the path finder is asked: it looks for files and runs none.
    """
    spec = PathFinder.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
