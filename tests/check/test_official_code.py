"""The official loops, Runners, hooks and models: no error, and each finding explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mmscaffold.check import Report, Settings, Severity, all_rules, check_paths
from support import corpora

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "findings-official-code.md"
PACKAGES = {
    "mmengine": ("mmengine", "0.10.7", 140),
    "mmdet": ("mmdet", "3.3.0", 490),
    "mmpretrain": ("mmpretrain", "1.2.0", 330),
    "mmagic": ("mmagic", "1.2.0", 420),
    "mmaction": ("mmaction2", "1.2.0", 180),
    "mmocr": ("mmocr", "1.0.1", 230),
    "mmrazor": ("mmrazor", "1.0.0", 300),
}
# Methods that mmengine's loops really cannot call; the page tells of each.
REAL_ERRORS = {"mmagic": [("MMS250", "StableDiffusion")]}
RULES = tuple(rule for rule in all_rules() if rule.kind == "code")
_ROW = re.compile(r"^\| (MMS2\d\d) \| `([^`]+)` \| (\w+) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module", params=PACKAGES)
def checked(request) -> tuple[str, Report]:
    """A whole package, without the configs that it carries, and what check says of it."""
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official packages are not downloaded")
    wheel, version, _ = PACKAGES[request.param]
    root = corpora.unpacked_wheel(wheel, version)
    parts = [
        path
        for path in sorted((root / request.param).iterdir())
        if path.name != ".mim" and (path.is_dir() or path.suffix == ".py")
    ]
    return request.param, check_paths(parts, Settings(RULES))


def test_no_error_in_official_code_but_real_ones(checked):
    name, report = checked
    assert len(report.code) > PACKAGES[name][2]
    errors = [one for one in report.findings if one.rule.severity is Severity.ERROR]
    told = [(one.rule.id, one.diagnostic.message) for one in errors]
    real = REAL_ERRORS.get(name, [])
    assert len(told) == len(real), told
    for (rule, message), (wanted, what) in zip(told, real, strict=True):
        assert rule == wanted
        assert what in message


def test_each_finding_is_on_the_page_and_each_row_is_found(checked):
    name, report = checked
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    wanted = {(rule, where) for rule, where, _, _ in rows if where.startswith(f"{name}/")}
    found = {}
    for one in report.findings:
        path = one.diagnostic.place.path.as_posix()
        where = f"{path[path.rindex(f'/{name}/') + 1 :]}:{one.diagnostic.place.line}"
        found[one.rule.id, where] = one.diagnostic.message
    assert found.keys() == wanted
    assert all(
        what in found[rule, where] for rule, where, what, _ in rows if (rule, where) in found
    )


def test_the_page_has_rows():
    assert len(_ROW.findall(PAGE.read_text(encoding="utf-8"))) > 10
