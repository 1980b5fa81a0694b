from __future__ import annotations

import dataclasses

from mmscaffold.check import find_rule
from mmscaffold.check.pages import index, page, write_pages
from mmscaffold.check.rule import ExampleFinding, Invalid, Spot


def test_a_page_has_the_rules_own_words_and_examples():
    text = page(find_rule("MMS101"))
    assert text.startswith(
        "# MMS101: loop-type-beside-by-epoch (error)\n\n## What it finds\n\n`train_cfg` sets both"
    )
    assert "``train_cfg" not in text
    assert "## Since\n\nmmscaffold 0.1.0\n\n## Source in mmengine\n\nmmengine/runner/" in text
    found, not_found = text.index("## Found in"), text.index("## Not found in")
    assert found < text.index("1:55: train_cfg has type='EpochBasedTrainLoop'") < not_found


def test_before_and_after_are_the_first_example_with_a_fix():
    invalid = [
        Invalid("x = 1", Spot(1, 5, 6), "one", after="x = 2"),
        Invalid("y = 1", Spot(1, 5, 6), "one", fixed="y = 2"),
    ]
    rule = dataclasses.replace(find_rule("MMS101"), invalid=invalid)
    assert "```python\ny = 1\n```\n\n→\n\n```python\ny = 2\n```\n\n## Fix safety" in page(rule)
    assert rule.fixable
    rule = dataclasses.replace(rule, invalid=invalid[:1])
    assert "```python\nx = 1\n```\n\n→\n\n```python\nx = 2\n```\n\n## Fix safety" in page(rule)
    assert not rule.fixable


def test_the_files_of_an_example_are_named_and_dedented():
    example = Invalid(
        {"a.py": "x = 1", "b/c.py": "\n    if y:\n        y = 2\n    "},
        Spot(1, 1, 2),
        "one",
        also=[ExampleFinding(Spot(2, 3, 4, file="b/c.py"), "two")],
        because="It is so.",
    )
    rule = dataclasses.replace(find_rule("MMS101"), invalid=[example])
    assert (
        "It is so.\n\n`a.py`:\n\n```python\nx = 1\n```\n\n"
        "`b/c.py`:\n\n```python\nif y:\n    y = 2\n```\n\n"
        "```text\n1:1: one\nb/c.py:2:3: two\n```"
    ) in page(rule)


def test_the_list_links_every_page_that_is_written(tmp_path):
    write_pages(tmp_path / "rules")
    listed = index()
    assert (tmp_path / "rules" / "README.md").read_text(encoding="utf-8") == listed
    pages = sorted(path.name for path in (tmp_path / "rules").glob("MMS*.md"))
    assert pages
    assert all(f"]({name}) |" in listed for name in pages)
