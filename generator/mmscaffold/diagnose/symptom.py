"""What a symptom is, and what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mmscaffold.diagnose.needs import Need
from mmscaffold.diagnose.story import Story


@dataclass(frozen=True)
class Evidence:
    """A line of a log, and what it says.

    Attributes:
        text: What is seen there, with the values.
        line: From 1; ``None`` if it is not a single line.
    """

    text: str
    line: int | None = None

    def __str__(self) -> str:
        return self.text if self.line is None else f"line {self.line}: {self.text}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Symptom:
    """Something in a log that a healthy training does not show.

    Attributes:
        name: In a few words joined by hyphens; its module has the same name.
        text: What is seen.
        looks: How it looks in a log, in Markdown, for the page of ``diagnose``.
        order: Its place among all symptoms in output; the hundreds are its subject.
        find: Yields the evidence for it in a run; nothing if it does not show it.
        needs: What a log must have to show it. Where something of that is missing, its absence
            speaks against no cause.
        is_note: Whether a healthy training can show it, too, such as one that is still running.
        only_alone: Whether it tells something only where no other symptom is seen, because most
            faults bring it.
        at_end: Whether only the end of a run shows it: nothing follows from the last line of
            one that goes on.
    """

    name: str
    text: str
    looks: str
    order: int
    find: Callable[[Story], Iterable[Evidence]]
    needs: tuple[Need, ...] = ()
    is_note: bool = False
    only_alone: bool = False
    at_end: bool = False

    def can_show(self, story: Story) -> bool:
        """Whether the log of a run would show it if the run had it."""
        if self.at_end and story.goes_on:
            return False
        return all(need.holds(story) for need in self.needs)


@dataclass(frozen=True)
class SeenSymptom:
    """A symptom with its evidence.

    Attributes:
        symptom: The symptom.
        evidence: The lines that show it.
    """

    symptom: Symptom
    evidence: list[Evidence]
