"""The documentation pages of rules, made from the rules themselves."""

from __future__ import annotations

import sys
from pathlib import Path

from mmscaffold.check.registry import Rule, all_rules


def page(rule: Rule) -> str:
    """The page of a rule, in Markdown."""
    title = f"# {rule.id}: {rule.name} ({rule.severity.value})"
    parts = [title, rule.page.replace("``", "`")]
    for heading, examples in (("Found in", rule.invalid), ("Not found in", rule.valid)):
        parts.append(f"## {heading}")
        parts += [f"```python\n{example.strip()}\n```" for example in examples]
    return "\n\n".join(parts) + "\n"


def write_pages(folder: Path) -> None:
    """Write the page of every rule into a folder, as ``<id>.md``."""
    folder.mkdir(parents=True, exist_ok=True)
    for rule in all_rules():
        (folder / f"{rule.id}.md").write_text(page(rule), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
