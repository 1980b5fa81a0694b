from __future__ import annotations

import io
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmscaffold.project import json_stream
from mmscaffold.project.json_stream import members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def flat(value: dict) -> list:
    return [
        (key, one)
        for key, inner in value.items()
        for one in (inner if isinstance(inner, list) else [inner])
    ]


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=4), VALUES), st.integers(1, 9), st.sampled_from([None, 1]))
def test_the_values_are_those_of_json_however_they_are_cut(value, chunk, indent):
    text = json.dumps(value, indent=indent)
    before = json_stream._CHUNK
    json_stream._CHUNK = chunk
    try:
        assert list(members(io.StringIO(text))) == flat(value)
    finally:
        json_stream._CHUNK = before


@pytest.mark.parametrize(
    "text",
    ["", "[]", "3", "{", '{"a"', '{"a": ', '{"a": [1', '{"a": [1,]}', '{"a": 1,', "{3: 4}", "{]",
     '{"a": [1 2]}', '{"a": ' + "[" * 100_000],
)  # fmt: skip
def test_anything_but_an_object_is_refused(text):
    with pytest.raises(ValueError, match=r"stands where|ends within|Expecting|too deep"):
        list(members(io.StringIO(text)))


def test_no_more_is_held_than_one_value(tmp_path, monkeypatch):
    monkeypatch.setattr(json_stream, "_CHUNK", 1 << 14)
    file = tmp_path / "a.json"
    with file.open("w") as stream:
        stream.write('{"annotations": [')
        for number in range(5_000):
            stream.write(f'{{"id": {number}, "segmentation": [{"1.5, " * 20}2]}},')
        stream.write('{"id": 1}], "categories": [{"name": "ship"}]}')
    with file.open() as stream:
        tracemalloc.start()
        found = sum(1 for _ in members(stream))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert found == 5_002
    assert peak < 1 << 18 < file.stat().st_size
