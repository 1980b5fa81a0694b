from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config import ConfigError
from mmscaffold.config.text.source import ParsedSource, Source, read_source


@pytest.mark.parametrize(
    "text",
    [
        "x = 'é中'; y = 1\nz = 2\n",
        "x = 1\r\nz = 2\r\n",
        "x = 1\rz = 2",
        "\x0cx = 1\n\x0cz = 2\n",
        "x = '\u2028'\nz = 2\n",
        "x = '''a\n\nb'''\n\tz = 2".replace("\t", ""),
    ],
    ids=["non-ascii", "crlf", "cr", "form feed", "line separator", "triple quotes"],
)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "bom"])
def test_the_span_of_a_node_is_its_text(text, bom):
    parsed = ParsedSource(Source(Path("a.py"), bom + text.encode()))
    statement = parsed.tree.body[-1]
    assert parsed.source.text_of(parsed.span(statement)) == "z = 2"


def test_lines_and_columns_count_from_1_in_characters():
    source = Source(Path("a.py"), b"\xef\xbb\xbf" + "é = 1\nx = 2".encode())
    assert source.line_and_column(3) == (1, 1)
    assert source.line_and_column(source.raw.index(b"=")) == (1, 3)
    assert source.line_and_column(source.raw.index(b"x")) == (2, 1)


@pytest.mark.parametrize(("raw", "newline"), [(b"a\r\nb", "\r\n"), (b"a\rb", "\r"), (b"a", "\n")])
def test_the_line_ending_is_that_of_the_first_line(raw, newline):
    assert Source(Path("a.py"), raw).newline == newline


def test_a_byte_that_is_not_utf_8_is_named_with_its_line():
    with pytest.raises(ConfigError, match="byte 0xff") as raised:
        Source(Path("a.py"), b"x = 1\ny = '\xff'\n")
    assert raised.value.where == "a.py:2"


@pytest.mark.parametrize(
    ("make", "message"),
    [(lambda path: None, "no such file"), (lambda path: path.mkdir(), "is a folder")],
)
def test_what_cannot_be_read_says_why(tmp_path, make, message):
    make(tmp_path / "a.py")
    with pytest.raises(ConfigError, match=message):
        read_source(tmp_path / "a.py")
