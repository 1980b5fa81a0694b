"""Which packages have a table of their classes, and where that lies.

``python -m mmscaffold.project.class_tables`` makes the tables from unpacked releases.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.facts.packages import PACKAGES

FOLDER = Path(__file__).with_name("tables")
_SUFFIX = ".table"


class Tabled(NamedTuple):
    """One release of a package of which the classes are known.

    Attributes:
        package: What Python imports.
        distribution: What pip installs.
        version: The release.
    """

    package: str
    distribution: str
    version: str

    @property
    def file(self) -> Path:
        """Where the table lies."""
        return FOLDER / f"{self.distribution}{_SUFFIX}"


TABLED: tuple[Tabled, ...] = (
    Tabled("mmengine", "mmengine", "0.10.7"),
    Tabled("mmcv", "mmcv", "2.1.0"),
    Tabled("mmdet", "mmdet", "3.3.0"),
    Tabled("mmseg", "mmsegmentation", "1.2.2"),
    Tabled("mmpose", "mmpose", "1.3.2"),
    Tabled("mmpretrain", "mmpretrain", "1.2.0"),
    Tabled("mmyolo", "mmyolo", "0.6.0"),
    Tabled("mmdet3d", "mmdet3d", "1.4.0"),
    Tabled("mmocr", "mmocr", "1.0.1"),
    Tabled("mmaction", "mmaction2", "1.2.0"),
    Tabled("mmagic", "mmagic", "1.2.0"),
    Tabled("mmrazor", "mmrazor", "1.0.0"),
    Tabled("mmrotate", "mmrotate-dev", "1.0.1"),
    Tabled("xtuner", "xtuner", "0.2.0"),
    # Forks that are maintained, under the same import names.
    Tabled("mmengine", "onedl-mmengine", "0.10.12"),
    Tabled("mmcv", "onedl-mmcv", "2.3.6"),
    Tabled("mmdet", "onedl-mmdetection", "3.5.1"),
    Tabled("mmrotate", "onedl-mmrotate", "1.2.1"),
    Tabled("mmseg", "onedl-mmsegmentation", "1.4.2"),
    Tabled("mmpretrain", "onedl-mmpretrain", "1.3.6"),
)


def _packages_of_scope() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for package in dict.fromkeys(one.package for one in TABLED):
        if package in PACKAGES:
            scope = PACKAGES[package].scope
            found[scope] = (*found.get(scope, ()), package)
    return found


PACKAGES_OF_SCOPE: Mapping[str, tuple[str, ...]] = _packages_of_scope()
"""The packages that register classes in each scope; there are no configs in that of xtuner."""

# torch/optim, and what mmengine/optim/optimizer/builder.py takes from optional packages.
OPTIMIZERS = frozenset(
    {
        "ASGD", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "Muon",
        "NAdam", "Optimizer", "RAdam", "RMSprop", "Rprop", "SGD", "SparseAdam",
        "DAdaptAdaGrad", "DAdaptAdam", "DAdaptLion", "DAdaptSGD", "Lion", "SophiaG",
        "DeepSpeedCPUAdam", "FusedAdam", "FusedLamb", "OnebitAdam", "OnebitLamb", "ZeroOneAdam",
        "ApexFusedAdam",
    }
)  # fmt: skip
"""The optimizers that mmengine registers at run time."""
OPTIMIZER_PREFIXES = ("bnb_",)
"""How the names begin that mmengine gives to all optimizers of a package: bitsandbytes."""


@cache
def table_of(tabled: Tabled) -> PackageTable:
    """The table of a release; only a caller that needs it pays for reading it."""
    return PackageTable(tabled.file.read_text(encoding="utf-8"))


def is_released(dotted: str) -> bool:
    """Whether a release of which the classes are known has a class, by its definition's name."""
    package = dotted.partition(".")[0]
    return any(table_of(one).find(dotted) is not None for one in TABLED if one.package == package)
