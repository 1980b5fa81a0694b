"""Which class of a project replaces which upstream class."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmscaffold.project.class_map import ClassMap, with_mapped
    from mmscaffold.project.errors import ProjectError
    from mmscaffold.project.project import Project, find_project, load_project

__all__ = [
    "ClassMap",
    "Project",
    "ProjectError",
    "find_project",
    "load_project",
    "with_mapped",
]
_HOMES = {
    "ClassMap": "class_map",
    "Project": "project",
    "ProjectError": "errors",
    "find_project": "project",
    "load_project": "project",
    "with_mapped": "class_map",
}


def __getattr__(name: str) -> Any:
    # Whoever checks a config reads code, and needs no project.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
