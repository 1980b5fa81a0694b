from __future__ import annotations

import dataclasses

from mmscaffold.check import find_rule
from mmscaffold.check.pages import index, page, write_pages


def test_a_page_has_the_rules_own_words_and_examples():
    rule = find_rule("MMS101")
    text = page(rule)
    assert text.startswith("# MMS101: loop-type-beside-by-epoch (error)\n\n`train_cfg` sets both")
    assert "How to mend it" in text
    assert "--fix` mends it" in text
    assert text.index("## Found in") < text.index(rule.invalid[0]) < text.index("## Not found in")


def test_the_files_of_an_example_are_named():
    rule = dataclasses.replace(
        find_rule("MMS101"), invalid=[{"a.py": "x = 1", "b/c.py": "y = 2"}], fixable=False
    )
    assert "`a.py`:\n\n```python\nx = 1\n```\n\n`b/c.py`:\n\n```python\ny = 2\n```" in page(rule)
    assert "--fix" not in page(rule)


def test_the_list_links_every_page_that_is_written(tmp_path):
    write_pages(tmp_path / "rules")
    listed = index()
    assert (tmp_path / "rules" / "README.md").read_text(encoding="utf-8") == listed
    pages = sorted(path.name for path in (tmp_path / "rules").glob("MMS*.md"))
    assert pages
    assert all(f"]({name}) |" in listed for name in pages)
