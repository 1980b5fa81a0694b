from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser

import pytest
from mmscaffold.check import load_settings
from mmscaffold.report import gather, page
from report import trees


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    folder = trees.write(tmp_path_factory.mktemp("tree") / "configs")
    return page(gather([folder], load_settings(folder)), "</title><script>alert(4)</script>")


def data_of(text: str) -> dict:
    packed = re.search(r'<script id="data"[^>]*>([A-Za-z0-9+/=]+)</script>', text)
    assert packed is not None
    return json.loads(gzip.decompress(base64.b64decode(packed[1])))


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_nothing_of_a_config_is_outside_of_the_packed_data(text):
    assert "alert(1)" not in text
    assert "alert(2)" not in text
    assert "alert(3)" not in text
    assert "<script>alert(4)" not in text
    assert trees.HOSTILE in data_of(text)["files"]
    assert "'<script>alert(3)</script>'" in data_of(text)["texts"]


def test_nothing_is_fetched(text):
    reader = Reader()
    reader.feed(text)
    assert [tag for tag, _ in reader.tags].count("script") == 2
    for tag, attributes in reader.tags:
        assert not attributes.get("src"), tag
        assert attributes.get("href") in (None, "data:,"), tag
        assert not any(name.startswith("on") for name in attributes), tag
    policy = [one.get("content") or "" for tag, one in reader.tags if "http-equiv" in one]
    assert policy[0].startswith("default-src 'none';")
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text


def test_the_tables_point_to_each_other(text):
    data = data_of(text)
    entries, places = data["entries"], data["places"]
    assert len(entries["keys"]) == len(entries["texts"]) == len(entries["places"])
    assert len(places) % 3 == 0
    for config in data["configs"]:
        assert 0 <= config["file"] < len(data["files"])
        for first, number in zip(config["runs"][::2], config["runs"][1::2], strict=True):
            assert first + number <= len(entries["keys"])
    assert max(entries["places"]) < len(places) // 3
    assert {str(config["file"]) for config in data["configs"]} <= set(data["bases"])


def test_the_same_configs_give_the_same_page(tmp_path):
    folder = trees.write(tmp_path / "configs")
    contents = [gather([folder], load_settings(folder)) for _ in range(2)]
    assert page(contents[0], "a") == page(contents[1], "a")
