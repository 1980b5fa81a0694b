"""The documentation pages of rules, made from the rules themselves."""

from __future__ import annotations

import sys
from pathlib import Path

from mmscaffold.check.registry import Example, Rule, all_rules

_KINDS = {
    "config": "Rules over configs",
    "code": "Rules over Python code",
    "engine": "Rules over the comments of mmscaffold itself",
}


def page(rule: Rule) -> str:
    """The page of a rule, in Markdown."""
    fixable = ["`mmscaffold check --fix` mends it where that is safe."] if rule.fixable else []
    title = f"# {rule.id}: {rule.name} ({rule.severity.value})"
    parts = [title, _as_markdown(rule.page), *fixable]
    for heading, examples in (("Found in", rule.invalid), ("Not found in", rule.valid)):
        parts.append(f"## {heading}")
        parts += [_code(example) for example in examples]
    return "\n\n".join(parts) + "\n"


def index() -> str:
    """The list of all rules, in Markdown."""
    parts = ["# The rules of `mmscaffold check`"]
    for kind, heading in _KINDS.items():
        parts.append(f"## {heading}")
        parts.append("| rule | | severity | finds | `--fix` |\n| --- | --- | --- | --- | --- |")
        parts[-1] += "".join(
            f"\n| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.severity.value} | "
            f"{_summary(rule)} | {'yes' if rule.fixable else ''} |"
            for rule in all_rules()
            if rule.kind == kind
        )
    return "\n\n".join(parts) + "\n"


def write_pages(folder: Path) -> None:
    """Write the page of every rule into a folder, as ``<id>.md``, and their list."""
    folder.mkdir(parents=True, exist_ok=True)
    for rule in all_rules():
        (folder / f"{rule.id}.md").write_text(page(rule), encoding="utf-8")
    (folder / "README.md").write_text(index(), encoding="utf-8")


def _summary(rule: Rule) -> str:
    first = rule.page.partition("\n\n")[0]
    return _as_markdown(" ".join(first.split())).replace("|", "\\|").rstrip(".")


def _as_markdown(text: str) -> str:
    return text.replace("``", "`")


def _code(example: Example) -> str:
    if isinstance(example, str):
        return f"```python\n{example.strip()}\n```"
    return "\n\n".join(f"`{name}`:\n\n{_code(text)}" for name, text in example.items())


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
