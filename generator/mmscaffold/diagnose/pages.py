"""The tables of ``docs/diagnose.md``, made from the symptoms and causes themselves.

``python -m mmscaffold.diagnose.pages docs/diagnose.md`` regenerates them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Set
from pathlib import Path

from mmscaffold.diagnose.causes import CAUSES
from mmscaffold.diagnose.deaths import DEATHS
from mmscaffold.diagnose.symptoms import all_symptoms
from mmscaffold.errors import MmscaffoldError


def renew(page: str) -> str:
    """A page with its tables as the code has them.

    Args:
        page: Markdown, in which ``<!-- symptoms -->`` and ``<!-- /symptoms -->`` enclose the
            table of symptoms, and such marks with ``causes`` and ``deaths`` those.

    Raises:
        MmscaffoldError: If it lacks one of the marks.
    """
    for name, table in _TABLES.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, opened, rest = page.partition(start)
        _, closed, after = rest.partition(end)
        if not opened or not closed:
            raise MmscaffoldError(
                f"the page lacks the marks {start} and {end}",
                hint="Put them where the table should be.",
            )
        page = f"{before}{start}\n{table()}\n{end}{after}"
    return page


def _symptoms() -> str:
    rows = (
        f"`{one.name}` | {one.text}{' (a note)' if one.is_note else ''} | {one.looks} | "
        f"{'; '.join(need.text for need in one.needs)}"
        for one in all_symptoms()
    )
    return _table("symptom | what you see | in the log | what the log must have for it", rows)


def _causes() -> str:
    rows = (
        f"`{one.name}`: {one.text} | {_names(one.shows)} | {_names(one.may_show)} | "
        f"{_rules(one.rules)}"
        for one in CAUSES
    )
    return _table("cause | its symptoms | and perhaps | rules that find it", rows)


def _deaths() -> str:
    rows = (f"`{one.name}`: {one.text} | {one.hint} | {_rules(one.rules)}" for one in DEATHS)
    return _table("why it died | what to do | rules that find it before", rows)


def _rules(rules: Iterable[str]) -> str:
    return ", ".join(f"[{rule}](rules/{rule}.md)" for rule in rules)


def _names(names: Set[str]) -> str:
    return ", ".join(f"`{one.name}`" for one in all_symptoms() if one.name in names)


def _table(header: str, rows: Iterable[str]) -> str:
    line = " | ".join("---" for _ in header.split(" | "))
    return "\n".join(f"| {row} |" for row in (header, line, *rows))


_TABLES: dict[str, Callable[[], str]] = {
    "symptoms": _symptoms,
    "causes": _causes,
    "deaths": _deaths,
}


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(renew(file.read_text(encoding="utf-8")), encoding="utf-8")
