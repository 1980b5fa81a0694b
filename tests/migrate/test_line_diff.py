from __future__ import annotations

import subprocess
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from mmscaffold.migrate.line_diff import changed_lines, lines_of, unified_diff

TEXTS = st.lists(
    st.sampled_from(["a\n", "b\n", "c\r\n", "\x0cd\n", "e\rf\n", "\n"]), max_size=30
).map("".join)


@settings(max_examples=12)
@given(TEXTS, TEXTS, st.booleans())
def test_patch_makes_one_text_of_the_other(tmp_path_factory, before, after, open_end):
    after = after.removesuffix("\n") if open_end else after
    folder = tmp_path_factory.mktemp("diff")
    (folder / "a.py").write_bytes(before.encode())
    diff = unified_diff(lines_of(before), lines_of(after), "a.py")
    if before == after:
        assert diff == ""
        return
    words = ["git", "apply", "--unsafe-paths", "--whitespace=nowarn", "-p1", "-"]
    subprocess.run(words, cwd=folder, input=diff.encode(), check=True)
    assert (folder / "a.py").read_bytes() == after.encode()


@given(TEXTS, TEXTS)
def test_counts_are_bounded_by_the_texts(before, after):
    old, new = lines_of(before), lines_of(after)
    number = changed_lines(old, new)
    assert (number == 0) == (before == after)
    assert abs(len(old) - len(new)) <= number <= len(old) + len(new)


def test_many_equal_lines_take_no_time():
    same = ["  - 8  # c\n"] * 50_000
    start = time.process_time()
    assert changed_lines(["a\n", *same, "b\n"], ["A\n", *same, "B\n"]) == 2
    diff = unified_diff(["a\n", *same, "b\n"], ["A\n", *same, "B\n"], "x")
    assert diff.count("\n") == 2 + 2 * (1 + 3 + 2)
    assert changed_lines(["a\n", *same], ["A\n", *same, "B\n"]) > 0
    assert time.process_time() - start < 2
