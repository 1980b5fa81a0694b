from __future__ import annotations

from mmscaffold.check import all_rules, find_rule
from mmscaffold.check.run_code import run_code

LOOP = """
from mmengine.registry import LOOPS
from {base} import {name}


@LOOPS.register_module()
class Stuck({name}):
    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook('after_train_epoch')
"""
RULES = [rule for rule in all_rules() if rule.kind == "code"]


def rules_found(run) -> set[str]:
    return {rule.id for rule, _ in run.found}


def test_bases_are_followed_into_files_of_the_package_that_were_not_named(tmp_path):
    package = tmp_path / "ours"
    package.mkdir()
    (package / "__init__.py").write_text("from . import base, stuck\n")
    (package / "base.py").write_text(
        "from mmengine.runner import EpochBasedTrainLoop\n\n\n"
        "class Base(EpochBasedTrainLoop):\n    pass\n"
    )
    path = package / "stuck.py"
    path.write_text(LOOP.format(base=".base", name="Base"))
    for named in ([], [path]):
        run = run_code([path], RULES, named=named, imports=[])
        assert "MMS204" in rules_found(run)
        # The base is read, not reported on.
        assert run.read == [path]


def test_scripts_of_one_name_are_all_looked_at(tmp_path):
    text = LOOP.format(base="mmengine.runner", name="EpochBasedTrainLoop")
    files = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        files.append(tmp_path / folder / "loops.py")
        files[-1].write_text(text)
    run = run_code(files, [find_rule("MMS204")], named=[], imports=[])
    assert [one.place.path for _, one in run.found] == files


def test_what_is_no_python_is_told_and_the_rest_is_checked(tmp_path):
    torn, good = tmp_path / "torn.py", tmp_path / "good.py"
    torn.write_text("class A(:\n")
    good.write_text(LOOP.format(base="mmengine.runner", name="EpochBasedTrainLoop"))
    run = run_code([torn, good], RULES, named=[torn, good], imports=[])
    assert [path for path, _ in run.failed] == [torn]
    assert "MMS204" in rules_found(run)
    assert run_code([torn], RULES, named=[torn], imports=[]).found == []
