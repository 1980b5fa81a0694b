"""What a class derives from: through the project's own code, then through the family's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.facts.classes.known_class import KnownClass
from mmscaffold.project.code import Package
from mmscaffold.project.family import Family, Verdict


@dataclass(frozen=True)
class Ancestry:
    """Follows classes of a project to those upstream.

    Attributes:
        code: The project's package.
        family: The packages that it sees.
    """

    code: Package
    family: Family

    def known(self, dotted: str) -> KnownClass | None:
        """A class of the family, by the name of its definition or one that exports it."""
        found = self.family.find("mmengine", None, dotted) if "." in dotted else None
        is_known = found is not None and found.verdict is Verdict.KNOWN
        return found.classes[0] if found is not None and is_known else None

    def of(self, dotted: str) -> Iterator[str]:
        """A class and all its bases, nearest first, by the names of their definitions.

        Args:
            dotted: The class.
        """
        own = self.code.canonical(dotted)
        line = [own]
        if own in self.code.classes:
            line += self.code.ancestors(self.code.classes[own])
        for one in line:
            known = None if one in self.code.classes else self.known(one)
            if known is None:
                yield one
                continue
            for base in self.family.lineage(known):
                yield base if isinstance(base, str) else base.dotted

    def is_known(self, dotted: str) -> bool:
        """Whether a class is one upstream, by the name of its definition."""
        known = self.known(dotted) if dotted not in self.code.classes else None
        return known is not None and known.dotted == dotted
