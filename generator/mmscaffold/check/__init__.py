"""Rules over configs and code: find what makes epochs, ETA and learning rates go wrong."""

from mmscaffold.check.diagnostic import Diagnostic, Place, Severity
from mmscaffold.check.engine import check_config, check_paths
from mmscaffold.check.known_data import DataSettings
from mmscaffold.check.registry import all_rules, find_rule
from mmscaffold.check.report import Finding, Report
from mmscaffold.check.rule import Rule
from mmscaffold.check.settings import Settings, load_settings

__all__ = [
    "DataSettings",
    "Diagnostic",
    "Finding",
    "Place",
    "Report",
    "Rule",
    "Settings",
    "Severity",
    "all_rules",
    "check_config",
    "check_paths",
    "find_rule",
    "load_settings",
]
