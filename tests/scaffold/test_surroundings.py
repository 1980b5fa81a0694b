from __future__ import annotations

import subprocess

import pytest
from mmscaffold.scaffold.surroundings import author_of, language_of_locale


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    subprocess.run(["git", "init", "-q", tmp_path / "r"], check=True)
    return tmp_path / "r"


def call_author(repository, name):
    subprocess.run(["git", "-C", repository, "config", "user.name", name], check=True)


def test_the_author_is_the_one_that_git_knows(repository):
    call_author(repository, "Søren O'Neil")
    assert author_of(repository) == "Søren O'Neil"
    assert author_of(repository / "not" / "there" / "yet") == "Søren O'Neil"


@pytest.mark.parametrize("name", ['A "B"', "back\\slash", "x" * 71, "a\nb", "coding: utf-7", "  "])
def test_a_name_that_the_template_would_refuse_is_not_offered(repository, name):
    call_author(repository, name)
    assert author_of(repository) is None


def test_without_git_there_is_no_author(repository, monkeypatch):
    assert author_of(repository) is None
    call_author(repository, "Ada")
    monkeypatch.setenv("PATH", "")
    assert author_of(repository) is None


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "chinese"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "chinese"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "C"}, None),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "chinese"),
        ({}, None),
    ],
)
def test_the_language_is_that_of_the_locale(environment, language):
    assert language_of_locale(environment) == language
