from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from support import corpora
from support.mmengine_loading import load_once
from support.skips import is_listed

# Timings on a shared machine say nothing about the code. The same examples are drawn in every
# run, so that a red test is red for everyone; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("mmscaffold", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("mmscaffold")


# A shell lets what it starts in the background ignore Ctrl-C, and so would what tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _user() -> int:
    # Windows has none.
    return os.getuid() if hasattr(os, "getuid") else 0


# What is read of the packages of this machine is kept apart from what the user keeps.
os.environ.setdefault(
    "MMSCAFFOLD_CACHE", str(Path(tempfile.gettempdir()) / f"mmscaffold-tests-{_user()}")
)


def _refuse_unlisted_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Let a test that is skipped fail, unless ``support.skips`` lists the reason."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not is_listed(reason):
        report.outcome = "failed"
        report.longrepr = (
            f"skipped, which tests/support/skips.py does not allow: {reason}\n"
            "`make test` installs all that the tests need."
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_unlisted_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, Any]:
    report = yield
    _refuse_unlisted_skip(report)
    return report


def _configs(version: str) -> Path:
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    return corpora.mmdet_configs(version)


@pytest.fixture(scope="session")
def mmdet_configs() -> Path:
    """The ``configs`` folder of mmdet 3.3.0."""
    return _configs("3.3.0")


@pytest.fixture(scope="session")
def mmdet2_configs() -> Path:
    """The ``configs`` folder of mmdet 2.28.2."""
    return _configs("2.28.2")


@pytest.fixture(scope="session")
def mmdet_loaded(
    mmdet_configs: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, dict[str, Any]]:
    """What mmengine makes of the configs of mmdet 3.3.0, by path; not to be changed.

    It takes half a minute, once for all processes of a run.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return load_once(sorted(mmdet_configs.rglob("*.py")), folder / "mmdet-loaded")


@pytest.fixture(autouse=True)
def _state_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Journals of the tests, away from the user's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("MMSCAFFOLD_STATE", str(folder))
