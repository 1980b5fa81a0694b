"""Components added to projects for tests, and what real mmengine and mmdet say of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from mmscaffold.scaffold.add_component import Addition, plan_addition
from mmscaffold.scaffold.kinds import KINDS

SCRATCH = {
    "model": "BaseModel", "backbone": "BaseModule", "neck": "BaseModule", "head": "BaseModule",
    "loss": "BaseModule", "transform": "BaseTransform", "metric": "BaseMetric",
    "vis-backend": "BaseVisBackend",
}  # fmt: skip
FOREIGN = "from mmengine.registry import MODELS  # the scope of the project is mmengine's\n"

# As the projects of the template have it.
RUFF = """
[tool.ruff]
line-length = 88
target-version = "py38"

[tool.ruff.lint]
select = ["E", "F", "W", "I", "N", "UP", "B", "C4", "SIM", "D"]
ignore = ["C408", "D104", "D105", "D107", "UP006", "UP007", "UP035", "UP045"]

[tool.ruff.lint.pydocstyle]
convention = "google"

[tool.ruff.lint.per-file-ignores]
"tests/**" = ["D"]
"mine/uses.py" = ["D", "F"]
"mine/__init__.py" = ["F401"]
"""


def make_project(folder: Path, code: str = "") -> Path:
    """A project with one package, ``mine``.

    Args:
        folder: Where it lies.
        code: What a module of the package holds: which scope it has follows from its imports.
    """
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "__init__.py").write_text("")
    (folder / "mine" / "uses.py").write_text(code)
    (folder / "pyproject.toml").write_text(RUFF)
    return folder


def add(root: Path, kind: str, name: str, base: str | None = None) -> Addition:
    """Add a component, and write it."""
    addition = plan_addition(root, kind, name, base)
    addition.write()
    return addition


def name_of(kind: str) -> str:
    """What the tests call the component of a kind."""
    return "My" + kind.title().replace("-", "")


def make_all(root: Path) -> None:
    """Add a component of each kind: with its default base, and written from scratch."""
    for kind in KINDS:
        add(root, kind, name_of(kind))
        if kind in SCRATCH:
            add(root, kind, f"{name_of(kind)}FromScratch", SCRATCH[kind])


def run_python(code: str, root: Path) -> Any:
    """What some code prints as JSON in its last line, run in a project in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout.splitlines()[-1])
