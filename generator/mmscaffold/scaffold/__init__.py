"""Start projects from the packaged template."""

from mmscaffold.scaffold.new_project import new_project

__all__ = ["new_project"]
