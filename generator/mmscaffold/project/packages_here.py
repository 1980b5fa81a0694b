"""Which packages a project sees: those in its own tree, then those that are installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.config.text.disk import is_file
from mmscaffold.project.family import Family

_INIT = "__init__.py"


def installed_places(name: str) -> Iterator[Path]:
    """The folders of an installed package, or the file of an installed module.

    No module is imported: a top-level name is looked up by the finders of Python, editable
    installations included.

    Args:
        name: The top-level name.
    """
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return
    if spec is None:
        return
    if spec.submodule_search_locations is not None:
        yield from map(Path, spec.submodule_search_locations)
    elif spec.origin is not None:
        # "built-in" and "frozen" name no file; such a module is there all the same.
        yield Path(spec.origin if spec.has_location else importlib.__file__)


def package_here(root: Path, name: str) -> Path | None:
    """The folder of a package that a project sees: a fork in its tree, or what is installed.

    Args:
        root: The folder of the project.
        name: The top-level name.
    """
    places = (root / name, root / "src" / name, *installed_places(name))
    return next((one for one in places if is_file(one / _INIT)), None)


def module_file(root: Path, dotted: str) -> Path | None:
    """The file of a module that a project sees.

    Args:
        root: The folder of the project.
        dotted: The name of the module.
    """
    top, _, rest = dotted.partition(".")
    inner = rest.split(".") if rest else []
    for place in (root / top, root / "src" / top, *installed_places(top)):
        if place.suffix == ".py" and not inner and is_file(place):
            return place
        target = place.joinpath(*inner)
        for file in (target / _INIT, target.with_name(f"{target.name}.py")):
            if is_file(file):
                return file
    return None


def family_of(root: Path) -> Family:
    """The classes of the packages of the family, as a project sees them.

    Args:
        root: The folder of the project.
    """
    return Family(lambda name: package_here(root, name))
