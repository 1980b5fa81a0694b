"""Whether 3.x has a class of some name: else it is one of the user's own."""

from __future__ import annotations

from functools import cache

from mmscaffold.facts.classes.tables import (
    OPTIMIZER_PREFIXES,
    OPTIMIZERS,
    PACKAGES_OF_SCOPE,
    TABLED,
    table_of,
)
from mmscaffold.facts.packages import ROOT_SCOPE


@cache
def is_registered(name: str, registry: str, scope: str) -> bool:
    """Whether a class is registered by mmengine, or by the package of a scope.

    Args:
        name: As a config has it; a scope before it is looked up instead.
        registry: mmengine's name of the registry, such as ``HOOKS``.
        scope: The ``default_scope``.
    """
    own, _, bare = name.rpartition(".")
    if registry == "OPTIMIZERS" and (bare in OPTIMIZERS or bare.startswith(OPTIMIZER_PREFIXES)):
        return True
    scopes = {ROOT_SCOPE, own or scope}
    packages = {one for each in scopes for one in PACKAGES_OF_SCOPE.get(each, ())}
    return any(
        bare in table_of(tabled).registered.get(registry, {})
        for tabled in TABLED
        if tabled.package in packages
    )
