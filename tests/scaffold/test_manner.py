"""Code is written with the quotes and the header of the project that it goes into."""

from __future__ import annotations

import pytest
from mmscaffold.scaffold.manner import Manner, manner_of

HEADER = "# Copyright (c) OpenMMLab. All rights reserved.\n"


@pytest.mark.parametrize(
    ("texts", "manner"),
    [
        ([], Manner()),
        (["", "\n"], Manner()),
        (["x = 'a'\ny = 'b'\nz = \"c\"\n"], Manner(quote="'")),
        (['"""Doc."""\nx = "a"\n'], Manner()),
        # Docstrings and apostrophes say nothing of the quotes.
        (["'''Doc.'''\nx = \"it's\"\ny = 'b'\n"], Manner(quote="'")),
        ([HEADER + "import x\n", HEADER, "y = 1\n"], Manner(HEADER)),
        (["#!/usr/bin/env python\n" + HEADER + "\nimport x\n"], Manner(HEADER + "\n")),
        ([HEADER.replace("\n", "\r\n") + "import x\r\n"], Manner(HEADER, newline="\r\n")),
        (["x = 1\n", "y = 1\r\nz = 'a'\r\n", "z = 1\r\n"], Manner(quote="'", newline="\r\n")),
        # Another author in each file, or no word of a licence.
        (["# Copyright A\n", "# Copyright B\n", "# Copyright C\n"], Manner()),
        (["# What this is for.\nimport x\n"], Manner()),
        # What cannot be read tells nothing of its quotes.
        (["x = ('a'\n"], Manner()),
    ],
)
def test_the_manner_is_that_of_most_files(texts, manner):
    assert manner_of(texts) == manner


def test_what_files_do_not_tell_is_as_elsewhere():
    assert manner_of(["x = 1\n"], Manner(HEADER, "'")) == Manner(quote="'")
    assert manner_of([], Manner(HEADER, "'")) == Manner(HEADER, "'")


def test_code_is_rewritten_and_means_the_same():
    code = '"""Doc."""\n\nnames = {"a": \'b\', r"c": "it\'s", "": b"d"}  # "e"\n'
    written = Manner(HEADER, "'").apply(code)
    assert written == (
        HEADER + "\"\"\"Doc.\"\"\"\n\nnames = {'a': 'b', r'c': \"it's\", '': b'd'}  # \"e\"\n"
    )
    assert Manner().apply(code) == code


def test_lines_end_as_those_of_the_project():
    manner = Manner(HEADER, "'", "\r\n")
    expected = HEADER.replace("\n", "\r\n") + "x = 'a'\r\ny = 1\r\n"
    assert manner.apply('x = "a"\ny = 1\n') == expected
