"""The packages of OpenMMLab, one row each.

Sources: ``MODULE2PACKAGE`` in mmengine/config/utils.py for the distributions; each package's
``registry.py`` for the scope, its ``tools/train.py`` for ``runner_type``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ROOT_SCOPE = "mmengine"
"""The ``default_scope`` of a config that sets none (mmengine/runner/runner.py)."""


class Package(NamedTuple):
    """One package.

    Attributes:
        name: What Python imports, and what ``pkg::path`` bases begin with.
        distribution: What pip installs.
        scope: The scope in whose registries its classes are found.
        generations: For which Runner its releases were written: ``2.x`` is that of mmcv,
            ``3.x`` that of mmengine. Pre-releases count.
        honours_runner_type: Whether its ``tools/train.py`` builds what ``runner_type`` names;
            ``None`` where it has no such tool for mmengine's Runner, or that is not known.
        class_table: Whether the class table (``facts/classes``) has its classes.
        holds_configs: Whether mmengine takes ``pkg::path`` bases from it.
    """

    name: str
    distribution: str
    scope: str
    generations: frozenset[str]
    honours_runner_type: bool | None = None
    class_table: bool = False
    holds_configs: bool = True


_2X = frozenset({"2.x"})
_3X = frozenset({"3.x"})
_BOTH = _2X | _3X

PACKAGES: Mapping[str, Package] = {
    row.name: row
    for row in (
        Package(
            "mmengine", "mmengine", "mmengine", _3X,
            class_table=True, holds_configs=False,
        ),
        # Registers in the registries of mmengine.
        Package(
            "mmcv", "mmcv", "mmengine", _BOTH,
            holds_configs=False,
        ),
        Package("mmaction", "mmaction2", "mmaction", _BOTH, honours_runner_type=True),
        Package("mmagic", "mmagic", "mmagic", _3X, honours_runner_type=False),
        Package("mmcls", "mmcls", "mmcls", _BOTH),
        Package(
            "mmdet", "mmdet", "mmdet", _BOTH,
            honours_runner_type=True, class_table=True,
        ),
        Package("mmdet3d", "mmdet3d", "mmdet3d", _BOTH, honours_runner_type=True),
        Package("mmedit", "mmedit", "mmedit", _BOTH),
        Package("mmfewshot", "mmfewshot", "mmfewshot", _2X),
        Package("mmflow", "mmflow", "mmflow", _BOTH),
        Package("mmgen", "mmgen", "mmgen", _BOTH),
        Package("mmhuman3d", "mmhuman3d", "mmhuman3d", _2X),
        Package("mmocr", "mmocr", "mmocr", _BOTH, honours_runner_type=True),
        Package("mmpose", "mmpose", "mmpose", _BOTH, honours_runner_type=False),
        Package("mmpretrain", "mmpretrain", "mmpretrain", _3X, honours_runner_type=True),
        Package("mmrazor", "mmrazor", "mmrazor", _BOTH, honours_runner_type=False),
        Package("mmrotate", "mmrotate", "mmrotate", _BOTH),
        Package("mmseg", "mmsegmentation", "mmseg", _BOTH, honours_runner_type=True),
        Package("mmselfsup", "mmselfsup", "mmselfsup", _BOTH, honours_runner_type=False),
        Package("mmtrack", "mmtrack", "mmtrack", _BOTH),
        Package("mmyolo", "mmyolo", "mmyolo", _3X, honours_runner_type=True),
    )
}  # fmt: skip

PROJECTS: Mapping[str, str] = {
    "mmaction2": "mmaction",
    "mmclassification": "mmcls",
    "mmdetection": "mmdet",
    "mmdetection3d": "mmdet3d",
    "mmediting": "mmedit",
    "mmgeneration": "mmgen",
    "mmsegmentation": "mmseg",
    "mmtracking": "mmtrack",
}
"""The scope of each project whose own name is another, in small letters."""

DISTRIBUTIONS: Mapping[str, str] = {
    row.name: row.distribution for row in PACKAGES.values() if row.holds_configs
}
"""The distribution of each package from which ``pkg::path`` bases can come."""

TABLED_SCOPES = frozenset(row.scope for row in PACKAGES.values() if row.class_table)
"""The scopes whose registries are known by heart: a name that they lack does not exist."""

TABLED_PACKAGES = frozenset(row.name for row in PACKAGES.values() if row.scope in TABLED_SCOPES)
"""The packages whose classes are found in those registries."""


UNIMPORTED_MODULES = ("mmdet.testing", "mmengine.utils.dl_utils.visualize")
"""Modules that register classes, and that nothing in their own packages imports."""

LENT_MODULES = (
    "mmdet.datasets.samplers.multi_data_sampler",
    "mmdet.evaluation.evaluator.multi_datasets_evaluator",
    "mmdet.models.test_time_augs.det_tta",
)
"""Modules that register their classes with mmengine's registries, not with their package's."""


def is_openmmlab(module: str) -> bool:
    """Whether a module belongs to a package of OpenMMLab, installed here or not."""
    return module.partition(".")[0] in PACKAGES


def ignores_runner_type(scope: object) -> bool:
    """Whether the ``tools/train.py`` of a scope's package always builds mmengine's Runner."""
    return any(
        row.scope == scope and row.honours_runner_type is False for row in PACKAGES.values()
    )


# Python/frozen.c, from Python 3.11 on; in a virtual environment there may be more.
FROZEN_MODULES = frozenset(
    {
        "abc", "codecs", "genericpath", "io", "ntpath", "os", "posixpath", "runpy", "site",
        "stat", "zipimport",
    }
)  # fmt: skip
"""The modules of the standard library that have no file of their own, by which mmengine does not
know that they belong to it (mmengine/config/utils.py, _is_builtin_module)."""
