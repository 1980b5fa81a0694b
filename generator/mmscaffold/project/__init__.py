"""Which class of a project replaces which upstream class."""

from mmscaffold.project.class_map import ClassMap
from mmscaffold.project.project import Project, find_project, load_project

__all__ = ["ClassMap", "Project", "find_project", "load_project"]
