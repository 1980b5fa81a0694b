"""The ground floor: read, resolve and edit config files without running them."""

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.origin import Origin
from mmscaffold.config.resolved import ResolvedConfig
from mmscaffold.config.resolver import Resolver, resolve
from mmscaffold.config.tree import Tree, map_tree, resolve_tree
from mmscaffold.config.values import Unknown

__all__ = [
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
