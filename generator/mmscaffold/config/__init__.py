"""The ground floor: read, resolve and edit config files without running them."""

from mmscaffold.config.change import MISSING, Adjustment, Change
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver, resolve
from mmscaffold.config.resolve.tree import Tree, map_tree, resolve_tree

__all__ = [
    "MISSING",
    "Adjustment",
    "Change",
    "ConfigError",
    "Origin",
    "ResolvedConfig",
    "Resolver",
    "Tree",
    "Unknown",
    "map_tree",
    "resolve",
    "resolve_tree",
]
