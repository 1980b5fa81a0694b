from __future__ import annotations

from pathlib import Path

from mmscaffold.migrate.plan import FilePlan


def test_a_diff_names_the_file_from_the_given_folder_and_marks_a_missing_newline():
    plan = FilePlan(Path("/x/configs/a.py"), b"a = 1\n", b"a = 2", ())
    assert plan.edited
    assert plan.diff(Path("/x")).splitlines() == [
        "--- a/configs/a.py",
        "+++ b/configs/a.py",
        "@@ -1 +1 @@",
        "-a = 1",
        "+a = 2",
        "\\ No newline at end of file",
    ]
