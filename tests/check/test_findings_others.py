"""docs/findings-mmseg.md and docs/findings-mmpose.md say what check finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import corpora
from support.findings_table import VERDICTS, checked, configs_of, documented, page_of, rows

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("package", ["mmseg", "mmpose"])
def test_the_table_is_what_check_finds(package):
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    configs = configs_of(package)
    page = documented(page_of(package))
    found = rows(checked(configs), configs)
    written = [replace(row, verdict="?") for row in page]
    assert written == found, f"python -m tests.support.findings_table {package}"
    assert {row.verdict for row in page} <= set(VERDICTS)
    counted = [row for row in page if row.severity != "info"]
    faults = [row for row in counted if row.verdict == "real fault"]
    assert len(faults) >= 0.95 * len(counted)
    assert all(row in faults for row in counted if row.severity == "error")
