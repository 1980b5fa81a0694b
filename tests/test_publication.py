"""Everything that says where mmscaffold is published says the same."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mmscaffold.publication import ON_INDEX, RELEASE, REPOSITORY, requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ADDRESS = re.compile(r"https?://github\.com/[\w.-]+/mmscaffold\b")
HOOKS = r"github\.com/mmscaffold/mmscaffold\s+rev: (v[\d.]*\d)"
TAG = re.compile(HOOKS + r"|mmscaffold/mmscaffold@(v[\d.]*\d)")
# Without an extra, or as a command of its own, it may be what is not installed yet.
FROM_INDEX = re.compile(
    r"""pip install(?: -U)? mmscaffold(?!-)\b|^pip install (["'])mmscaffold\[\w+\]\1""",
    re.MULTILINE,
)
# What was true once, and what this test says itself.
PASSED_OVER = {"CHANGELOG.md", "tests/test_publication.py"}


def files() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("the history of this repository is not here")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and name not in PASSED_OVER and path.is_file():
            try:
                yield name, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def found(pattern: re.Pattern[str]) -> dict[str, set[str]]:
    hits = {name: {one[0] for one in pattern.finditer(text)} for name, text in files()}
    return {name: texts for name, texts in hits.items() if texts}


def test_every_address_is_that_of_the_repository():
    hits = found(ADDRESS)
    assert {"pyproject.toml", "README.md", "template/.pre-commit-config.yaml.jinja"} <= set(hits)
    assert set.union(*hits.values()) == {REPOSITORY}


def test_urls_of_the_package_are_the_repository():
    assert PYPROJECT["project"]["urls"]["Source"] == REPOSITORY


def test_nothing_installs_from_an_index_where_the_name_is_not_ours():
    if not ON_INDEX:
        assert found(FROM_INDEX) == {}
        assert requirement() in (ROOT / "README.md").read_text(encoding="utf-8")
    assert requirement("plot").startswith("mmscaffold[plot]")


def test_every_tag_is_that_of_the_release():
    tags = {name: set(filter(None, sum(TAG.findall(text), ()))) for name, text in files()}
    tags = {name: one for name, one in tags.items() if one}
    assert {"docs/check.md", "template/.pre-commit-config.yaml.jinja"} <= set(tags)
    assert set.union(*tags.values()) == {RELEASE}


def test_what_has_no_tag_is_the_release_to_come():
    version = PYPROJECT["tool"]["hatch"]["version"]
    assert version["fallback-version"] == version["raw-options"]["fallback_version"]
    coming = f"v{version['fallback-version'].removesuffix('.dev0')}"
    released = subprocess.run(
        ["git", "tag", "--list", RELEASE], cwd=ROOT, capture_output=True, text=True
    )
    # Right after a release, both still name that one.
    assert coming == RELEASE or released.stdout.strip() == RELEASE
