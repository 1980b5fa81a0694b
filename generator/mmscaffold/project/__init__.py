"""Which class of a project replaces which upstream class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmscaffold.lazy import lazy_names

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

# Whoever checks a config reads code, and needs no project.
__getattr__ = lazy_names(
    __name__,
    {
        "ClassMap": "class_map",
        "Project": "project",
        "ProjectError": "errors",
        "find_project": "project",
        "load_project": "project",
        "with_mapped": "class_map",
    },
)
