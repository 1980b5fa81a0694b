"""The class that ``--base`` means, found as a config of the project would find it."""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.facts.classes.tables import PACKAGES_OF_SCOPE
from mmscaffold.facts.packages import PACKAGES, ROOT_SCOPE
from mmscaffold.project.code import Package
from mmscaffold.project.packages_here import module_file
from mmscaffold.project.registered import registered_classes
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.errors import ComponentError
from mmscaffold.scaffold.import_path import import_path
from mmscaffold.scaffold.kind_of_class import kinds_of
from mmscaffold.scaffold.kinds import KINDS, Kind

USUAL_SCOPE = "mmdet"
"""That of a project which says of no package that it uses it: the tool is for MMDetection."""
_FAMILIAR = frozenset(PACKAGES) | frozenset(
    package for packages in PACKAGES_OF_SCOPE.values() for package in packages
)


@dataclass(frozen=True)
class BaseClass:
    """A class that a component derives from.

    Attributes:
        name: Its name.
        module: The module that it is imported from.
        dotted: The name of its definition.
        unseen: What could not be looked up of it; empty if it was found.
    """

    name: str
    module: str
    dotted: str
    unseen: str = ""


def scopes_of(code: Package, home: str) -> tuple[str, ...]:
    """The scopes in which the classes of a project are looked up, the one that it uses most first.

    Args:
        code: The project's package.
        home: The scope of a project whose code imports none of the family but mmengine and mmcv.
    """
    tops = Counter(
        dotted.partition(".")[0]
        for module in code.modules.values()
        for dotted in {*module.names.values(), *module.stars}
    )
    used = [
        PACKAGES[top].scope
        for top, _ in sorted(tops.items(), key=lambda one: (-one[1], one[0]))
        if top in PACKAGES and PACKAGES[top].scope != ROOT_SCOPE
    ]
    return tuple(dict.fromkeys((*used, ROOT_SCOPE) if used else (home, ROOT_SCOPE, USUAL_SCOPE)))


class BaseFinder:
    """Finds the bases of components.

    Args:
        root: The folder of the project.
        ancestry: What its classes derive from.
        scopes: Its scopes, the most used first.
    """

    def __init__(self, root: Path, ancestry: Ancestry, scopes: tuple[str, ...]) -> None:
        self._root = root
        self._ancestry = ancestry
        self._code = ancestry.code
        self._family = ancestry.family
        self._scopes = scopes

    def find(self, kind: Kind, text: str) -> BaseClass:
        """The class that somebody names as the base of a component.

        Args:
            kind: What the component is.
            text: A bare name, as in a config of the project; one with a scope, ``mmseg.FPN``;
                or where the class lies, ``package.module:Class``.

        Raises:
            ComponentError: If there is no such class, or it is of another kind.
        """
        dotted = text.replace(":", ".")
        if not all(part.isidentifier() for part in dotted.split(".")):
            raise ComponentError(
                f"--base {text!r} is not a valid name of a class",
                hint="Write RetinaNet, mmseg.EncoderDecoder or package.module:Class.",
            )
        found = self._own(dotted) or self._upstream(kind, dotted)
        if found is None:
            found = self._foreign(kind, dotted)
        self._refuse_other_kind(kind, text, found)
        return found

    def _own(self, dotted: str) -> BaseClass | None:
        """A class of the project, by its name, its registered name, or where it lies."""
        canonical = self._code.canonical(dotted)
        one = self._code.classes.get(canonical)
        if one is None and "." not in dotted:
            named = [one for one in self._code.classes.values() if one.node.name == dotted]
            named += [
                one.definition for one in registered_classes(self._code) if one.name == dotted
            ]
            one = named[0] if named else None
        return BaseClass(one.node.name, one.module.name, one.dotted) if one else None

    def _upstream(self, kind: Kind, dotted: str) -> BaseClass | None:
        start, _, rest = dotted.partition(".")
        if not rest:
            return self._named(kind, self._scopes, dotted)
        if "." not in rest and start in PACKAGES_OF_SCOPE:
            found = self._named(kind, (start,), rest)
            if found is not None:
                return found
        known = self._ancestry.known(dotted)
        return self._base(known.dotted) if known is not None else None

    def _named(self, kind: Kind, scopes: Iterable[str], name: str) -> BaseClass | None:
        """A class of the family by its name: in the registry of the kind, in any, or in none."""
        for registry in (kind.registry, None):
            for scope in scopes:
                found = self._family.find(scope, registry, name)
                if found.classes:
                    return self._base(found.classes[0].dotted)
        for scope in scopes:
            for package in PACKAGES_OF_SCOPE.get(scope, ()):
                unregistered = {
                    one.dotted: None
                    for table in self._family.tables(package)
                    for one in table.named(name)
                }
                if len(unregistered) > 1:
                    raise ComponentError(
                        f"--base {name!r} is the name of several classes of {package}",
                        hint=f"Write one of {', '.join(unregistered)}.",
                    )
                for one in unregistered:
                    return self._base(one)
        return None

    def _base(self, dotted: str) -> BaseClass:
        module = import_path(self._root, dotted)
        return BaseClass(dotted.rpartition(".")[2], module, dotted)

    def _foreign(self, kind: Kind, dotted: str) -> BaseClass:
        """A class that no table has: only what surely is not there is refused."""
        module, _, name = dotted.rpartition(".")
        top = module.partition(".")[0]
        if not module or top in _FAMILIAR or top in self._tops():
            raise self._unknown(kind, dotted)
        file = module_file(self._root, module)
        if file is not None and top in sys.stdlib_module_names and self._root not in file.parents:
            raise ComponentError(
                f"--base {dotted!r}: {top} is Python's own, and has no class that mmengine builds",
                hint="Name a class of mmengine, of one of its packages or of this project.",
            )
        if module_file(self._root, dotted) is not None:
            raise ComponentError(
                f"--base {dotted!r} is a module, not a class",
                hint=f"Write {dotted}:Class.",
            )
        if file is not None:
            return BaseClass(name, module, dotted)
        near = difflib.get_close_matches(top, sorted(_FAMILIAR | self._tops()), n=1, cutoff=0.8)
        if near:
            raise ComponentError(
                f"--base {dotted!r}: there is no package {top!r} here",
                hint=f"Did you mean {near[0] + dotted.removeprefix(top)!r}?",
            )
        if module_file(self._root, top) is not None:
            raise ComponentError(
                f"--base {dotted!r}: {top} has no module {module!r}",
                hint="Correct the name of the module.",
            )
        return BaseClass(name, module, dotted, f"{top} is not installed here, so whether it has")

    def _tops(self) -> frozenset[str]:
        return frozenset(one.partition(".")[0] for one in self._code.modules)

    def _unknown(self, kind: Kind, dotted: str) -> ComponentError:
        prefix, _, bare = dotted.rpartition(".")
        scope = prefix if prefix in PACKAGES_OF_SCOPE else ""
        where = prefix or f"{' nor '.join(self._scopes)} nor this project"
        negated = "has no" if prefix else "has a"
        return ComponentError(
            f"--base {dotted!r}: {'' if prefix else 'neither '}{where} {negated} class {bare!r}",
            hint=self._hint(kind, scope, bare),
        )

    def _hint(self, kind: Kind, scope: str, bare: str) -> str:
        """What may be meant.

        Args:
            kind: What the component is.
            scope: The scope that was written; empty if there was none.
            bare: The name of the class.
        """
        scopes = (scope,) if scope else self._scopes
        exact = [
            f"{other}.{bare}"
            for other in PACKAGES_OF_SCOPE
            if other not in scopes and bare in self._family.names(other, kind.registry)
            and bare not in self._family.names(ROOT_SCOPE, kind.registry)
        ]  # fmt: skip
        if exact:
            return f"Did you mean {' or '.join(exact)}?"
        listed = (one for each in scopes for one in self._family.names(each, kind.registry))
        names = {one.lower(): one for one in listed}
        if not scope:
            own = registered_classes(self._code)
            names |= {one.name.lower(): one.name for one in own if one.registry == kind.registry}
        near = difflib.get_close_matches(bare.lower(), names, n=3, cutoff=0.7)
        if near:
            # Without the scope that was written, it would be sought in those of the project.
            start = f"{scope}." if scope else ""
            return f"Did you mean {' or '.join(start + names[one] for one in near)}?"
        return (
            "Write the name of a class as configs do, mmseg.EncoderDecoder for one of another "
            "package, or package.module:Class."
        )

    def _refuse_other_kind(self, kind: Kind, text: str, found: BaseClass) -> None:
        if found.unseen:
            return
        kinds = kinds_of(self._ancestry, found.dotted)
        if kinds is None or kind.name in kinds:
            return
        if not kinds:
            raise ComponentError(
                f"--base {text!r} is not {kind.what}: {found.dotted} is registered elsewhere than "
                f"in {kind.registry}",
                hint="There is no kind of component for its registry.",
            )
        other = min(kinds, key=list(KINDS).index)
        raise ComponentError(
            f"--base {text!r} is not {kind.what}: {found.dotted} is {KINDS[other].what}",
            hint=f"Did you mean `mmscaffold add {other} NAME --base {text}`?",
        )
