from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from mmscaffold.lsp.documents import Documents, path_of, uri_of
from mmscaffold.lsp.positions import Text

PATH = Path("/configs/a.py")
_TEXTS = st.text(st.sampled_from("a训😀\f\u2028 \r\n"), max_size=20)
_PLACES = st.integers(0, 20)


def opened(text: str, encoding: str = "utf-16") -> Documents:
    documents = Documents()
    documents.encoding = encoding
    documents.open(types.TextDocumentItem(PATH.as_uri(), "python", 1, text))
    return documents


def changed(documents: Documents, version: int, *changes: tuple[types.Range, str]) -> str:
    document = documents.change(
        types.VersionedTextDocumentIdentifier(version, PATH.as_uri()),
        [types.TextDocumentContentChangePartial(where, new) for where, new in changes],
    )
    assert document is not None
    assert document.version == version
    return document.text.text


@given(
    _TEXTS, st.integers(0, 20), st.integers(0, 20), _TEXTS, st.sampled_from(["utf-8", "utf-16"])
)
def test_what_is_typed_lands_where_it_was_typed(
    text: str, first: int, second: int, new: str, encoding: str
):
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
        return
    where = Text(text, encoding).range_at(start, end)
    documents = opened(text, encoding)
    assert changed(documents, 2, (where, new)) == text[:start] + new + text[end:]


def test_changes_of_one_message_follow_each_other():
    documents = opened("model = 1\n")
    at = types.Position(0, 0)
    end = types.Position(1, 0)
    text = changed(documents, 2, (types.Range(at, at), "# 训练\n"), (types.Range(end, end), "x"))
    assert text == "# 训练\nxmodel = 1\n"


def test_a_snapshot_stays_as_it_was():
    documents = opened("a = 1\n")
    before = documents.snapshot()
    whole = types.TextDocumentContentChangeWholeDocument("b = 2\n")
    documents.change(types.VersionedTextDocumentIdentifier(2, PATH.as_uri()), [whole])
    assert before[PATH].text.text == "a = 1\n"
    known = documents.get(PATH)
    assert known is not None
    assert known.text.text == "b = 2\n"
    documents.close(types.TextDocumentIdentifier(PATH.as_uri()))
    assert documents.get(PATH) is None
    assert documents.snapshot() == {}


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a.py?x", "file:///a%00b.py", ""])
def test_what_is_no_file_is_left_alone(uri: str):
    assert path_of(uri) is None
    documents = Documents()
    assert documents.open(types.TextDocumentItem(uri, "python", 1, "a = 1")) is None
    identifier = types.VersionedTextDocumentIdentifier(2, uri)
    assert documents.change(identifier, []) is None
    assert documents.close(types.TextDocumentIdentifier(uri)) is None


@pytest.mark.parametrize("name", ["a b.py", "训练.py", "a#b.py", "a%20b.py"])
def test_names_survive_as_uris(name: str):
    path = Path("/configs") / name
    assert path_of(uri_of(path)) == path
