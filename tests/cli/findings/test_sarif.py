from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from mmscaffold.check import Report
from mmscaffold.cli.findings import sarif
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Schema


@pytest.fixture
def log(report, capsys):
    sarif.show(report)
    return json.loads(capsys.readouterr().out)


def test_it_keeps_to_the_schema(log):
    # Models that were generated from the schema of OASIS: they refuse what it refuses.
    Schema.model_validate(log)


def test_the_schema_refuses_what_is_wrong(log):
    log["runs"][0]["results"][0]["leveled"] = "error"
    with pytest.raises(ValidationError):
        Schema.model_validate(log)


def test_an_empty_report_keeps_to_the_schema_too():
    Schema.model_validate(sarif.document(Report(), Path.cwd()))


def test_results_point_at_rules_and_files(log):
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    root = run["originalUriBaseIds"]["SRCROOT"]["uri"]
    assert root == f"{Path.cwd().as_uri()}/"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert Path(unquote(place["artifactLocation"]["uri"])).is_file()
    first = run["results"][0]
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 1,
        "startColumn": 64,
        "endLine": 1,
        "endColumn": 68,
    }
    assert [
        one["physicalLocation"]["artifactLocation"]["uri"] for one in first["relatedLocations"]
    ] == ["configs/child.py", "configs/other.py"]


def test_what_was_not_understood_is_a_notification(log):
    (invocation,) = log["runs"][0]["invocations"]
    # A config that is torn was not checked.
    assert invocation["executionSuccessful"] is False
    notes = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert any("syntax" in note for note in notes)
    assert any(note.startswith("unknown: ") for note in notes)
    (baseless,) = [note for note in notes if note.startswith("not understood: its base is of")]
    assert "of mmpose, which is not installed. Install mmpose" in baseless
