from __future__ import annotations

from mmscaffold.report.excerpts import log_excerpts


def test_two_lines_before_and_behind(tmp_path):
    path = tmp_path / "a.log"
    path.write_text("".join(f"line {number}\n" for number in range(1, 10)))
    found = log_excerpts(path, [1, 5, 9, 40])
    assert [one.number for one in found[1]] == [1, 2, 3]
    assert [one.number for one in found[5]] == [3, 4, 5, 6, 7]
    assert [one.text for one in found[5] if one.is_meant] == ["line 5"]
    assert [one.number for one in found[9]] == [7, 8, 9]
    assert 40 not in found


def test_what_cannot_be_seen_is_a_dot_and_long_lines_are_cut(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"\x1b[31mred\x1b[0m\tx \xff\n" + b"y" * 1000)
    [first, second] = log_excerpts(path, [1])[1]
    assert first.text == "·[31mred·[0m    x \ufffd"
    assert second.text == "y" * 300 + " ..."


def test_a_log_that_is_gone_has_none(tmp_path):
    assert log_excerpts(tmp_path / "a.log", [1]) == {}
