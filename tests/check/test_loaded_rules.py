"""A run over configs alone does not load the rules over code."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path
from mmscaffold.check import check_paths, load_settings
report = check_paths([Path(sys.argv[1])], load_settings(Path(sys.argv[1]), sys.argv[2:]))
print(any(name.startswith("mmscaffold.check.code_rules.") for name in sys.modules))
print(*sorted({one.rule.id for one in report.findings}))
"""
CONFIG = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, max_iters=9)\n"
IGNORE = CONFIG.replace("\n", "  # mmscaffold: ignore[MMS110, MMS201]\n")
CODE = "class Loop(BaseLoop):\n    def run(self):\n        self._iter = 0\n"


@pytest.mark.parametrize(
    ("text", "select", "is_loaded", "found"),
    [
        (CONFIG, [], "False", "MMS110"),
        # Only with all rules known can it be said that MMS201 has nothing to suppress.
        (IGNORE, [], "True", "MMS001"),
        (CONFIG, ["MMS1"], "True", "MMS110"),
        (CODE, [], "True", None),
    ],
)
def test_rules_over_code_are_loaded_for_code(tmp_path, text, select, is_loaded, found):
    file = tmp_path / "example.py"
    file.write_text(text)
    command = [sys.executable, "-c", SCRIPT, str(file), *select]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    told = done.stdout.splitlines()
    assert told[0] == is_loaded
    assert found is None or told[1] == found
