"""What is known of the parts of configs, kept for the next config that has the very same ones.

Most of what configs inherit from a base is not copied, but one value in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from mmscaffold.check.parts import Part, parts_below
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.config.walk import dicts, dicts_in
from mmscaffold.facts.building import GIVEN_TO_PART, NO_ARGUMENTS
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.project.family import UNSURE, Family, Found, Verdict

# More values would keep alive what the resolver forgets.
_MOST_VALUES = 300
T = TypeVar("T")
Placed = tuple[tuple[KeyPath, dict[Any, Any]], ...]
_GIVEN = {registry: given | NO_ARGUMENTS for registry, given in GIVEN_TO_PART.items()}


class LookUp(NamedTuple):
    """How a config looks up the names of its parts.

    Attributes:
        family: The classes that there are.
        scope: Its default scope; ``None`` where it cannot be known.
        is_set: Whether it sets one.
    """

    family: Family
    scope: str | None
    is_set: bool

    def find(self, part: Part) -> Found:
        """What the registries of the family give for a part."""
        if part.is_imported:
            return self.family.find(ROOT_SCOPE, None, part.name)
        if part.written_scope is None and not self.is_set:
            # It may be a part of configs of any package.
            if "." not in part.name:
                return UNSURE
            return self.family.find(ROOT_SCOPE, part.registry, part.name)
        scope = part.scope(self.scope)
        return UNSURE if scope is None else self.family.find(scope, part.registry, part.name)


class Misfit(NamedTuple):
    """A part that its class, as the family knows it, cannot be built with.

    Attributes:
        part: The part.
        too_many: The keys that the class does not take.
        too_few: What it needs and does not get.
    """

    part: Part
    too_many: AbstractSet[str]
    too_few: AbstractSet[str]


class FoundParts:
    """Some parts, looked up."""

    def __init__(self, parts: tuple[Part, ...], look_up: LookUp) -> None:
        self._family = look_up.family
        self._all = [(part, look_up.find(part)) for part in parts]

    @cached_property
    def absent(self) -> tuple[Part, ...]:
        """Those that no registry has."""
        return tuple(part for part, found in self._all if found.verdict is Verdict.ABSENT)

    @cached_property
    def misfits(self) -> tuple[Misfit, ...]:
        """Those that cannot be built with what they get; loops, and names alone, are left out."""
        misfits = []
        for part, found in self._all:
            # What is named alone gets its arguments elsewhere.
            is_judged = part.registry != "LOOPS" and not part.is_name_alone
            if found.verdict is not Verdict.KNOWN or not is_judged:
                continue
            constructor = self._family.constructor(found)
            if constructor is None or constructor.is_open:
                continue
            given = _GIVEN.get(part.registry or "", NO_ARGUMENTS)
            keys, taken = part.values.keys(), constructor.arguments
            too_many = {key for key in keys if key not in taken and key not in given}
            if too_many or not keys >= constructor.required:
                too_few = constructor.required - keys - given
                if too_many or too_few:
                    misfits.append(Misfit(part, too_many, too_few))
        return tuple(misfits)


class PartsBelow:
    """The parts below a key of the top level, and that which is its value.

    Args:
        key: The key.
        value: What it holds; as long as it is kept here, nothing else can have its identity.
    """

    def __init__(self, key: str, value: Any) -> None:
        self.value = value
        self.parts = parts_below(key, value)
        self._found: dict[LookUp, FoundParts] = {}
        self._seen: dict[Callable[[Part], Iterable[Any]], tuple[tuple[Part, Any], ...]] = {}

    def seen(self, look: Callable[[Part], Iterable[T]]) -> tuple[tuple[Part, T], ...]:
        """What a function finds in the parts, looking at nothing but each of them."""
        if look not in self._seen:
            self._seen[look] = tuple((part, one) for part in self.parts for one in look(part))
        return self._seen[look]

    def found(self, look_up: LookUp) -> FoundParts:
        """The same, looked up."""
        if look_up not in self._found:
            self._found[look_up] = FoundParts(self.parts, look_up)
        return self._found[look_up]


class DictsBelow:
    """The dicts below a key of the top level, and that which is its value.

    Args:
        key: The key.
        value: What it holds; as long as it is kept here, nothing else can have its identity.
    """

    def __init__(self, key: str, value: Any) -> None:
        self.value = value
        self._key = key
        self._all = tuple(dicts_in(value))

    @cached_property
    def with_delete(self) -> Placed:
        """Those with the key ``_delete_``, each with its key path."""
        if not any(DELETE in one for one in self._all):
            return ()
        found = dicts(self.value, (self._key,))
        return tuple((path, one) for path, one in found if DELETE in one)

    @cached_property
    def dotted_types(self) -> frozenset[str]:
        """The classes that they name by their modules, which mmengine imports for them."""
        named = (one.get("type") for one in self._all)
        # With one dot, it is a scope and a registered name.
        return frozenset(name for name in named if isinstance(name, str) and name.count(".") > 1)


class _Recent(Generic[T]):
    """What was made of the values that were asked for last, by key and identity.

    At most ``_MOST_VALUES`` are kept: half of them since the other half were, which then go.
    """

    def __init__(self, make: Callable[[str, Any], T]) -> None:
        self._make = make
        self._new: dict[tuple[str, int], T] = {}
        self._old: dict[tuple[str, int], T] = {}

    def of(self, key: str, value: Any) -> T:
        place = (key, id(value))
        found = self._new.get(place)
        if found is None:
            found = self._old.get(place) or self._make(key, value)
            if len(self._new) >= _MOST_VALUES // 2:
                self._old, self._new = self._new, {}
            self._new[place] = found
        return found


class SharedParts:
    """The parts of the values of many configs, and the dicts in them, each gone through once."""

    def __init__(self) -> None:
        self._below = _Recent(PartsBelow)
        self._dicts = _Recent(DictsBelow)

    def below(self, key: str, value: Any) -> PartsBelow:
        """The parts below a key of the top level, for the value that it holds."""
        return self._below.of(key, value)

    def dicts(self, key: str, value: Any) -> DictsBelow:
        """The dicts below a key of the top level, for the value that it holds."""
        return self._dicts.of(key, value)
