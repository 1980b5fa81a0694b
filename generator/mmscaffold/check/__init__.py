"""Rules over configs: find what makes epochs, ETA and learning rates go wrong."""

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.engine import Report, check_paths
from mmscaffold.check.registry import Rule, all_rules, find_rule

__all__ = [
    "Diagnostic",
    "Report",
    "Rule",
    "Severity",
    "all_rules",
    "check_paths",
    "find_rule",
]
