"""What a cause is: why a log looks as it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from mmscaffold.diagnose.run_config import RunConfig
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


@dataclass(frozen=True)
class Clue:
    """What speaks for a cause beside the symptoms that it brings.

    Attributes:
        weight: How much, where a symptom that is there counts 2.
        evidence: What is seen.
    """

    weight: float
    evidence: Evidence


@dataclass(frozen=True, eq=False, kw_only=True)
class Cause:
    """Why a log looks as it does.

    Attributes:
        name: In a few words joined by hyphens.
        text: What is wrong.
        hint: What to do.
        shows: The names of the symptoms that it brings.
        may_show: Those that it can bring, too.
        rules: Ids of the rules of ``check`` that find it, the likeliest first.
        in_config: Whether it lies in the config, which then proves or refutes it.
        proof: What of the config proves it; by default, that one of its rules finds
            something. For causes whose rules look at whole configs only, while a log may hold
            a part of one.
        clue: What else tells it from causes that bring the same symptoms.
        refuted_by: What in the log rules it out.
    """

    name: str
    text: str
    hint: str
    shows: Set[str]
    may_show: Set[str] = frozenset()
    rules: tuple[str, ...] = ()
    in_config: bool = False
    proof: Callable[[Story], list[Evidence]] | None = None
    clue: Callable[[Story], Clue | None] | None = None
    refuted_by: Callable[[Story], Evidence | None] | None = None

    def is_possible(self, story: Story) -> bool:
        """Whether nothing in the log of a run rules it out."""
        return self.refuted_by is None or self.refuted_by(story) is None

    def prove(self, story: Story) -> list[Evidence]:
        """What the config of a run says in support of the cause; nothing refutes it.

        Args:
            story: A run whose config is known.
        """
        if self.proof is not None:
            return self.proof(story)
        config = story.config
        assert config is not None
        return rule_evidence(self.rules, config)

    def find_clue(self, story: Story) -> Clue | None:
        """What else supports the cause in a run."""
        return None if self.clue is None else self.clue(story)


def rule_evidence(rules: Iterable[str], config: RunConfig) -> list[Evidence]:
    """The first thing that each rule finds in the config of a run."""
    return [
        Evidence(f"{rule} finds in {config.where}: {found.message}")
        for rule in rules
        for found in config.findings(rule)[:1]
    ]
