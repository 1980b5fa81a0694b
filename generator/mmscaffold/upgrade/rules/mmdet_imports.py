"""``custom_imports`` of packages that have another name in 3.x.

``mmcls`` is ``mmpretrain``: its backbones are imported from there.

Sources: mmpretrain 1.0, docs/en/migration.md; mmdet 3.3.0, configs/convnext.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_models import SCOPES

ID, PACKAGE = "UPR-37 mmdet-imports", "mmdet"
WRITES = ("custom_imports",)
AFTER = ("UPR-37 own-modules",)
EXAMPLES = (
    Example(
        "custom_imports = dict(imports=['mmcls.models'], allow_failed_imports=False)\n",
        "custom_imports = dict(imports=['mmpretrain.models'], allow_failed_imports=False)\n",
    ),
    Example(
        "custom_imports = dict(imports='mmcls.models.backbones')\n",
        "custom_imports = dict(imports='mmpretrain.models.backbones')\n",
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Name the packages as they are called now."""
    del old
    imports = new.get("custom_imports")
    named = imports.get("imports") if isinstance(imports, CfgDict) else None
    if not isinstance(imports, CfgDict) or named is None:
        return
    each = list(named) if isinstance(named, list | tuple) else [named]
    renamed = [_renamed(one) for one in each]
    if renamed == each:
        return
    made = imports.copy()
    value: Any = renamed[0]
    if isinstance(named, list | tuple):
        value = CfgList(renamed, [origin_of(named, index) for index in range(len(renamed))])
    made.put("imports", value, origin_of(imports, "imports"))
    new.values.put("custom_imports", made, origin_of(new.values, "custom_imports"))
    yield from ()


def _renamed(module: Any) -> Any:
    if not isinstance(module, str):
        return module
    package, dot, rest = module.partition(".")
    return f"{SCOPES.get(package, package)}{dot}{rest}"
