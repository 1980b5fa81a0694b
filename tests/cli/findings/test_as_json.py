from __future__ import annotations

import json
from pathlib import Path

from mmscaffold.cli.findings import as_json


def test_scripts_get_all_that_people_get(report, capsys):
    as_json.show(report)
    document = json.loads(capsys.readouterr().out)
    first = document["findings"][0]
    assert first["rule"] == "MMS101"
    assert first["severity"] == "error"
    assert (first["line"], first["column"]) == (1, 64)
    assert (first["end_line"], first["end_column"]) == (1, 68)
    assert first["fixable"] is True
    assert Path(first["path"]) == report.findings[0].diagnostic.place.path
    assert [Path(path).name for path in first["seen_in"]] == ["child.py", "other.py", "ä, b.py"]
    assert document["configs"] == 4
    assert [Path(one["path"]).name for one in document["not_understood"]] == ["torn.py"]
    assert document["not_known"][0]["message"].startswith("train_cfg: ")
