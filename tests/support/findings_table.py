"""What ``check`` finds in official configs, as the tables of docs/findings-*.md.

``python -m tests.support.findings_table mmdet`` prints the table as it would be now, with the
verdicts that the page has; a new finding gets a question mark. So do ``mmseg`` and ``mmpose``.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from mmscaffold.check import Report, Settings, all_rules, check_paths

from support.corpora import unpacked_wheel

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "findings-mmdet.md"
RELEASES = {
    "mmdet": ("mmdet", "3.3.0"),
    "mmseg": ("mmsegmentation", "1.2.2"),
    "mmpose": ("mmpose", "1.3.2"),
}
VERDICTS = ("real fault", "harmless", "intended")
_NAMED = 3


@dataclass(frozen=True)
class Row:
    """One finding.

    Attributes:
        rule: The id of its rule.
        severity: Of the rule.
        place: File and line.
        configs: Those that show it, or how many and one of them.
        message: What it says.
        verdict: What reading the config said of it.
    """

    rule: str
    severity: str
    place: str
    configs: str
    message: str
    verdict: str = "?"

    @property
    def markdown(self) -> str:
        """The row as it stands in the page."""
        cells = (self.rule, self.severity, f"`{self.place}`", self.configs, self.message)
        return f"| {' | '.join((*cells, self.verdict))} |"


def checked(configs: Path) -> Report:
    """Check all configs of the package with the rules over configs."""
    rules = tuple(rule for rule in all_rules() if rule.kind == "config")
    return check_paths([configs], Settings(rules), processes=1)


def rows(report: Report, configs: Path) -> list[Row]:
    """The findings of a report, without verdicts, in the order of the page."""
    found = []
    for finding in report.findings:
        place = finding.diagnostic.place
        names = sorted(f"`{path.relative_to(configs)}`" for path in finding.seen_in)
        few = len(names) <= _NAMED
        found.append(
            Row(
                finding.rule.id,
                finding.rule.severity.value,
                f"{place.path.relative_to(configs)}:{place.line}",
                ", ".join(names) if few else f"{len(names)}, such as {names[0]}",
                finding.diagnostic.message.replace(f"{configs}/", "").replace("|", "\\|"),
            )
        )
    return sorted(found, key=lambda row: (row.rule, row.place))


def page_of(package: str) -> Path:
    """The page of a package."""
    return DOCS / f"findings-{package}.md"


def configs_of(package: str) -> Path:
    """The official configs of a package."""
    distribution, version = RELEASES[package]
    return unpacked_wheel(distribution, version) / package / ".mim" / "configs"


def documented(page: Path = PAGE) -> list[Row]:
    """The rows of a page."""
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^\| (MMS\d+ \|.*) \|$", text, re.MULTILINE)
    split = [re.split(r"(?<!\\) ?\| ?", line) for line in lines]
    return [Row(cells[0], cells[1], cells[2].strip("`"), *cells[3:]) for cells in split]


def unread(report: Report, configs: Path) -> list[str]:
    """The configs that could not be read."""
    return sorted(str(path.relative_to(configs)) for path, _ in report.not_understood)


if __name__ == "__main__":
    name = sys.argv[1]
    folder, page = configs_of(name), page_of(name)
    known = (
        {(row.rule, row.place, row.message): row.verdict for row in documented(page)}
        if page.exists()
        else {}
    )
    for row in rows(checked(folder), folder):
        key = (row.rule, row.place, row.message)
        print(replace(row, verdict=known.get(key, "?")).markdown)
