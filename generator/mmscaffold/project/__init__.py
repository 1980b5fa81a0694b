"""Which class of a project replaces which upstream class."""

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
