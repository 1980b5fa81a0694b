"""A page about a tree of configs: what each trains, where its values are from, what is found."""

from mmscaffold.report.comparison import Comparison, compare_with_plan, compare_with_tree
from mmscaffold.report.contents import Contents, gather
from mmscaffold.report.page import page
from mmscaffold.report.planned import Fates, Planned, PlannedNote

__all__ = [
    "Comparison",
    "Contents",
    "Fates",
    "Planned",
    "PlannedNote",
    "compare_with_plan",
    "compare_with_tree",
    "gather",
    "page",
]
