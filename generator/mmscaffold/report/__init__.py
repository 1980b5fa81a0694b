"""A page about a tree of configs: what each trains, where its values are from, what is found."""

from mmscaffold.report.contents import Contents, gather
from mmscaffold.report.page import page

__all__ = ["Contents", "gather", "page"]
