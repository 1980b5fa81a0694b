"""Pages: a tree of configs, with what each trains and what is found; a run over its plan."""

from mmscaffold.report.comparison import Comparison, compare_with_plan, compare_with_tree
from mmscaffold.report.contents import Contents, gather
from mmscaffold.report.page import page
from mmscaffold.report.planned import Fates, Planned, PlannedNote
from mmscaffold.report.run_page import run_page

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
    "run_page",
]
