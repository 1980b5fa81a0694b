"""The default arguments of the classes of mmdet 3, read off the installed package."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

REGISTRIES = (
    "TRANSFORMS", "DATASETS", "MODELS", "TASK_UTILS", "METRICS", "HOOKS", "DATA_SAMPLERS",
    "PARAM_SCHEDULERS", "OPTIM_WRAPPERS", "OPTIMIZERS", "LOOPS", "OPTIM_WRAPPER_CONSTRUCTORS",
    "LOG_PROCESSORS",
)  # fmt: skip


@cache
def _classes() -> dict[str, Any]:
    """The registered classes by name: those of mmdet, and of what it builds upon."""
    import mmdet.registry
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=False)
    found: dict[str, Any] = {}
    for name in REGISTRIES:
        registry = getattr(mmdet.registry, name)
        while registry is not None:
            registry.import_from_location()
            for key, built in registry.module_dict.items():
                found.setdefault(key, built)
            registry = registry.parent
    return found


@cache
def defaults(name: str) -> dict[str, Any]:
    """The arguments of a class with a default, those of its bases included.

    Args:
        name: Its name in a registry; of a name that no one knows, there are none.
    """
    found: dict[str, Any] = {}
    built = _classes().get(name)
    if not inspect.isclass(built):
        return found
    named: set[str] = set()
    for one in built.__mro__:
        if "__init__" not in one.__dict__:
            continue
        parameters = inspect.signature(one.__init__).parameters.values()
        for parameter in parameters:
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            if parameter.name not in named and parameter.default is not parameter.empty:
                found[parameter.name] = parameter.default
            named.add(parameter.name)
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            # It hands nothing on that a config could name.
            break
    return found
