"""Whether a class of a project can stand in for the upstream class that it derives from.

Only a class that says so by its name, and that a config can build as it built the other, is
taken by itself. A tracker's backbone derives from ResNet, too, and replaces none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mmscaffold.facts.base_classes import RUNNER_NAME
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.classes.constructor import Constructor, joined_constructors
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.constructor import constructor_of, own_constructor

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_HOUSE = frozenset({"my", "our", "ours", "own", "custom", "project"})
# What the name of a loop or hook may leave out.
_NEEDLESS = frozenset({"based", "train", "epoch", "iter", "hook"})


@dataclass(frozen=True)
class Candidate:
    """A class of the project that derives from an upstream class.

    Attributes:
        name: The name that configs use.
        upstream: The upstream class, as a class map names it.
        base: The dotted name of its definition.
        definition: The class itself.
    """

    name: str
    upstream: str
    base: str
    definition: ClassDefinition


@dataclass(frozen=True)
class Declined:
    """A candidate that is not taken by itself.

    Attributes:
        name: The name that configs use.
        where: Where it is defined.
        reason: Why it is not, as what follows "it".
    """

    name: str
    where: str
    reason: str


class Judge:
    """Decides which candidates of a package can stand in.

    Args:
        code: The package.
        package: Its name.
        candidates: All of them: the Runner's name may show what the project calls its classes.
        table: The text of ``pyproject.toml``, where a comment may say what replaces what.
        used_with: For each class of the project, the arguments that its configs give it.
    """

    def __init__(
        self,
        code: Package,
        package: str,
        candidates: Iterable[Candidate],
        table: str = "",
        used_with: dict[str, set[str]] | None = None,
    ) -> None:
        self._code = code
        self._comments = [line for line in table.splitlines() if line.lstrip().startswith("#")]
        self._used_with = used_with or {}
        self._prefixes = {"".join(package.rpartition(".")[2].split("_")).lower()}
        for one in candidates:
            if one.upstream == RUNNER_NAME and one.name.endswith(RUNNER_NAME):
                self._prefixes.add(one.name.removesuffix(RUNNER_NAME).lower())
        self._prefixes.discard("")

    def objection(self, one: Candidate) -> str | None:
        """Why a candidate cannot stand in, as what follows "it"; ``None`` if it can."""
        if one.upstream == RUNNER_NAME and one.definition.node.name.endswith(RUNNER_NAME):
            return self._by_constructor(one)
        if not self._says_so(one):
            return f"has a name that does not say that it replaces {one.upstream}"
        return self._by_constructor(one) or self._by_use(one)

    def _says_so(self, one: Candidate) -> bool:
        bare = one.upstream.rpartition(".")[2]
        names = (one.name.rpartition(".")[2], one.definition.node.name)
        if any(self._is_house_name(name, bare) for name in names):
            return True
        comment = re.compile(rf"\b{re.escape(one.name)}\b.*\breplaces\b.*\b{re.escape(bare)}\b")
        return any(comment.search(line) for line in self._comments)

    def _is_house_name(self, name: str, bare: str) -> bool:
        """Whether a name is that of the upstream class and a word such as ``My``."""
        before, found, after = name.lower().partition(bare.lower())
        if found:
            return self._is_house(before) and self._is_house(after) and bool(before or after)
        kind = next((kind for kind in ("Loop", "Hook") if bare.endswith(kind)), None)
        if kind is None:
            return False
        rest = [word.lower().removesuffix("s") for word in _WORDS.findall(name)]
        needed = [word.lower().removesuffix("s") for word in _WORDS.findall(bare)]
        for word in needed:
            if word in rest:
                rest.remove(word)
            elif word not in _NEEDLESS:
                return False
        return bool(rest) and self._is_house("".join(rest))

    def _is_house(self, text: str) -> bool:
        return not text or text.strip("_") in _HOUSE or text.strip("_") in self._prefixes

    def _by_constructor(self, one: Candidate) -> str | None:
        theirs = _constructor(one.base)
        if theirs is None:
            # What it hands on to the upstream class, that takes.
            more = self._own_arguments(one, required=True)
            return f"needs {_listed(more)}, which {one.upstream} does not take" if more else None
        ours = constructor_of(self._code, one.definition, _constructor)
        if ours is None:
            return None
        needed = ours.required - theirs.required
        if needed:
            return f"needs {_listed(needed)}, which {one.upstream} does not take"
        refused = theirs.arguments - ours.arguments if not ours.is_open else frozenset()
        if refused:
            return f"does not take {_listed(refused)}, as {one.upstream} does"
        fixed = _fixed(one.definition) & theirs.arguments
        if fixed:
            return f"sets {_listed(fixed)} itself, which configs may give"
        return None

    def _own_arguments(self, one: Candidate, *, required: bool) -> set[str]:
        """The arguments that its constructors in the project take and do not hand on."""
        found: set[str] = set()
        for dotted in (one.definition.dotted, *self._code.ancestors(one.definition)):
            definition = self._code.classes.get(dotted)
            own = own_constructor(definition) if definition is not None else None
            if own is not None:
                found |= (own.required if required else own.arguments) - own.supplied
        return found

    def _by_use(self, one: Candidate) -> str | None:
        """Whether configs give it what the upstream class would not take: another purpose."""
        theirs = _constructor(one.base)
        used = self._used_with.get(one.name, set())
        if theirs is None or theirs.is_open:
            more = used & self._own_arguments(one, required=False)
        else:
            more = used - theirs.arguments
        if more:
            return f"is used in configs with {_listed(more)}, which {one.upstream} does not take"
        return None


def _constructor(dotted: str) -> Constructor | None:
    """What an upstream class can be built with; ``None`` if that cannot be told.

    A constructor that takes no other keywords hands none to bases that are not in the table,
    such as those of torch.
    """
    parts = []
    for one in upstream().lineage(dotted):
        if not upstream().knows(one):
            return upstream().constructor(dotted)
        parts.append(upstream().own_constructor(one))
        found = joined_constructors(parts)
        if found is not None and not found.is_open:
            return found
    return upstream().constructor(dotted)


def _fixed(definition: ClassDefinition) -> frozenset[str]:
    """What ``super().__init__(*args, max_epochs=3, **kwargs)`` sets, so that nobody else may."""
    own = own_constructor(definition)
    if own is None or not own.is_open:
        return frozenset()
    calls = [node for node in ast.walk(definition.node) if isinstance(node, ast.Call)]
    passed = {
        keyword.arg
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"
        for keyword in call.keywords
        if keyword.arg is not None and any(one.arg is None for one in call.keywords)
    }
    taken = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "pop"
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    return frozenset(passed - taken) - own.arguments


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
