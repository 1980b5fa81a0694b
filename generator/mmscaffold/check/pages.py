"""The documentation pages of rules, made from the rules themselves."""

from __future__ import annotations

import sys
from pathlib import Path

from mmscaffold.check.registry import all_rules
from mmscaffold.check.rule import Code, Invalid, Rule, files

_KINDS = {
    "config": "Rules over configs",
    "code": "Rules over Python code",
    "engine": "Rules over the comments of mmscaffold itself",
}


def page(rule: Rule) -> str:
    """The page of a rule, in Markdown."""
    parts = [f"# {rule.id}: {rule.name} ({rule.severity.value})"]
    sections = rule.sections
    if len(sections) == 1:
        # The code rules are converted one by one.
        parts, sections = [*parts, _as_markdown(rule.page)], {}
    for heading, text in sections.items():
        parts += [f"## {heading.replace('->', '→')}", _as_markdown(text)]
        if heading == "Before -> after":
            parts += _before_and_after(rule)
        if heading == "Fix safety":
            parts += ["## Since", f"mmscaffold {rule.since}"]
    parts.append("## Found in")
    for example in rule.invalid:
        parts += [*_blocks(example.code, example.because), *_findings(example)]
    parts.append("## Not found in")
    for one in rule.valid:
        parts += _blocks(one.code, one.because)
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


def example_shown(rule: Rule) -> Invalid | None:
    """The example that shows what to write instead: one that ``--fix`` fixes, if there is any."""
    shown = [one for one in rule.invalid if one.fixed is not None]
    shown += [one for one in rule.invalid if one.after is not None]
    return shown[0] if shown else None


def _before_and_after(rule: Rule) -> list[str]:
    example = example_shown(rule)
    if example is None:
        return []
    before, after = rule.files(example.code), rule.changed_files(example)
    if len(before) == len(after) == 1:
        return [*_blocks(*before.values()), "→", *_blocks(*after.values())]
    return [*_blocks(before), "→", *_blocks(after)]


def _findings(example: Invalid) -> list[str]:
    lines = [f"{found.at}: {found.message}" for found in example.found]
    return ["\n".join(("```text", *lines, "```"))] if lines else []


def _blocks(code: Code, because: str = "") -> list[str]:
    shown = files(code, "")
    blocks = [
        (f"`{name}`:\n\n" if name else "") + f"```python\n{text.rstrip()}\n```"
        for name, text in shown.items()
    ]
    return [*([because] if because else []), *blocks]


def _summary(rule: Rule) -> str:
    return _as_markdown(rule.summary).replace("|", "\\|")


def _as_markdown(text: str) -> str:
    return text.replace("``", "`")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
