"""What can be wrong with a project."""

from __future__ import annotations

from mmscaffold.errors import MmscaffoldError


class ProjectError(MmscaffoldError):
    """There is no project, or its ``[tool.mmscaffold]`` table is wrong."""
