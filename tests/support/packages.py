"""A package of a project, with classes that it registers."""

from __future__ import annotations

from pathlib import Path

_REGISTRIES = {"Runner": "RUNNERS", "Loop": "LOOPS", "Hook": "HOOKS"}
_BASES = {"RUNNERS": "(Runner)", "HOOKS": "(Hook)", "LOOPS": "(BaseLoop)", "MODELS": "(BaseModel)"}
_IMPORTS = """\
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import HOOKS, LOOPS, MODELS, RUNNERS
from mmengine.runner import BaseLoop, Runner
"""


def write_package(root: Path, package: str, *names: str) -> None:
    """Write a package that registers classes, which replace nothing by themselves.

    Args:
        root: The folder of the project.
        package: The name of the package.
        *names: The classes; their ends tell the registry.
    """
    lines = [_IMPORTS]
    for name in names:
        registry = next((one for end, one in _REGISTRIES.items() if name.endswith(end)), "MODELS")
        base = _BASES[registry]
        lines.append(f"@{registry}.register_module()\nclass {name}{base}:\n    pass\n")
    (root / package).mkdir()
    (root / package / "__init__.py").write_text("\n\n".join(lines))
