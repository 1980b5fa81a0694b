from __future__ import annotations

import importlib
import re

import pytest
from mmscaffold.lazy import LazyPattern, lazy_names, lazy_pattern

FIND = lazy_names(
    "mmscaffold.facts",
    {
        "Unit": "units",
        "Epochs": "units:Unit",
        "ConfigError": "mmscaffold.config.errors",
        "Absent": "units",
        "AbsentHome": "nowhere",
    },
)


def test_a_name_is_found_in_its_module_under_its_own_name_or_another():
    from mmscaffold.config.errors import ConfigError
    from mmscaffold.facts.units import Unit

    assert FIND("Unit") is Unit
    assert FIND("Epochs") is Unit
    assert FIND("ConfigError") is ConfigError


@pytest.mark.parametrize("name", ["Other", "__path__", "Absent"])
def test_anything_else_is_no_attribute(name):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
        FIND(name)


def test_a_wrong_home_is_not_taken_for_an_absent_name():
    with pytest.raises(ModuleNotFoundError, match=r"mmscaffold\.facts\.nowhere"):
        FIND("AbsentHome")


@pytest.mark.parametrize("package", ["project", "schedule", "upgrade"])
def test_every_public_name_of_a_package_is_there(package):
    module = importlib.import_module(f"mmscaffold.{package}")
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match=rf"'mmscaffold\.{package}' has no attribute 'x'"):
        module.x  # noqa: B018


def test_a_pattern_is_compiled_when_it_is_first_used(monkeypatch):
    compiled = []
    compile_now = re.compile

    def count(*given):
        compiled.append(given)
        return compile_now(*given)

    monkeypatch.setattr("re.compile", count)
    words = lazy_pattern(r"[a-z]+", re.IGNORECASE)
    assert isinstance(words, LazyPattern)
    assert not compiled
    assert [words.match("Ab1")[0], words.match("cD")[0]] == ["Ab", "cD"]
    assert compiled == [(r"[a-z]+", re.IGNORECASE)]
    assert words.findall("a b") == ["a", "b"]
    assert lazy_pattern(rb"a+").sub(b"b", b"caac") == b"cbc"


def test_a_pattern_has_no_other_attributes():
    with pytest.raises(AttributeError):
        lazy_pattern("a").find  # noqa: B018
