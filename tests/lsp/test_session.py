"""What features ask, without an editor: files that change on disk, and editors that can little."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from mmscaffold.config import ConfigError
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.diagnostics import diagnose
from mmscaffold.lsp.documents import Documents
from mmscaffold.lsp.feature import all_commands, all_features
from mmscaffold.lsp.features.code_actions import code_actions
from mmscaffold.lsp.features.commands import apply_fix, explain_rule
from mmscaffold.lsp.session import Session
from mmscaffold.lsp.settings import ClientSettings

LATE = "param_scheduler = dict(type='MultiStepLR', end=12, milestones=[28])\n"
LENGTH = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
EVERYWHERE = types.Range(types.Position(0, 0), types.Position(99, 0))


class Desk:
    """A session with documents that are opened and changed at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session()
        self.session.folders = (folder,)
        self._documents = Documents()
        self._version = 0

    def write(self, name: str, text: str) -> Path:
        """A file on disk, whose time of change is told apart from the one before."""
        path = self.folder / name
        path.write_text(text)
        return path

    def open(self, name: str, text: str) -> Path:
        """A document, opened or changed."""
        self._version += 1
        path = self.folder / name
        item = types.TextDocumentItem(path.as_uri(), "python", self._version, text)
        self._documents.open(item)
        self.session.synchronise(self._documents.snapshot())
        return path

    def close(self, path: Path) -> None:
        """A document, closed."""
        self._documents.close(types.TextDocumentIdentifier(path.as_uri()))
        self.session.synchronise(self._documents.snapshot())

    def codes(self, path: Path) -> list[str | int | None] | None:
        """What is found in an open document."""
        found = diagnose(self.session, path)
        assert found is not None
        return None if found.diagnostics is None else [one.code for one in found.diagnostics]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_bases_that_change_on_disk_are_read_again(desk: Desk):
    desk.write("base.py", "a = 1\n")
    path = desk.write("heir.py", "_base_ = './base.py'\n")
    assert desk.session.resolve(path).get("a") == 1
    before = desk.session.resolve(path)
    assert desk.session.resolve(path) is before
    desk.write("base.py", "a = 12345\n")
    assert desk.session.resolve(path).get("a") == 12345
    (desk.folder / "base.py").unlink()
    with pytest.raises(ConfigError, match="does not exist"):
        desk.session.resolve(path)
    known = desk.session.latest(path)
    assert known is not None
    assert known.get("a") == 12345
    desk.write("base.py", "a = 3\n")
    assert desk.session.resolve(path).get("a") == 3


def test_a_base_read_for_a_config_that_failed_is_read_again(desk: Desk):
    desk.write("good.py", "a = 1\n")
    desk.write("bad.py", "b = \n")
    path = desk.write("heir.py", "_base_ = ['./good.py', './bad.py']\n")
    with pytest.raises(ConfigError):
        desk.session.resolve(path)
    desk.write("good.py", "a = 22222\n")
    desk.write("bad.py", "b = 22222\n")
    config = desk.session.resolve(path)
    assert (config.get("a"), config.get("b")) == (22222, 22222)


def test_a_buffer_stands_in_for_its_file_until_it_is_closed(desk: Desk):
    base = desk.write("base.py", "a = 1\n")
    heir = desk.write("heir.py", "_base_ = './base.py'\n")
    desk.open("base.py", "a = 2\n")
    assert desk.session.resolve(heir).get("a") == 2
    assert desk.session.text(base).text == "a = 2\n"
    desk.close(base)
    assert desk.session.resolve(heir).get("a") == 1
    assert desk.session.text(base).text == "a = 1\n"


def test_half_written_bases_leave_their_heirs_alone(desk: Desk):
    desk.open("base.py", LENGTH)
    heir = desk.open("heir.py", f"_base_ = './base.py'\n{LATE}")
    assert desk.codes(heir) == ["MMS102"]
    desk.open("base.py", f"{LENGTH}model = dict(\n")
    assert desk.codes(heir) is None
    desk.open("base.py", LENGTH.replace("36", "12"))
    assert desk.codes(heir) != ["MMS102"]


def test_findings_can_be_switched_off(desk: Desk):
    desk.session.settings = ClientSettings(diagnostics=False)
    path = desk.open("config.py", LENGTH + LATE)
    assert desk.codes(path) == []
    found = diagnose(desk.session, path)
    assert found is not None
    assert found.config is desk.session.resolve(path)
    desk.open("config.py", "model = dict(\n")
    assert desk.codes(path) == []


def test_nothing_is_offered_for_what_is_half_written(desk: Desk):
    path = desk.open("config.py", LENGTH + LATE)
    identifier = types.TextDocumentIdentifier(path.as_uri())
    params = types.CodeActionParams(identifier, EVERYWHERE, types.CodeActionContext([]))
    titles = [one.title.partition(":")[0] for one in code_actions(desk.session, params)]
    assert "Fix MMS102" in titles
    desk.open("config.py", f"model = dict(\n{LENGTH}{LATE}")
    titles = [one.title for one in code_actions(desk.session, params)]
    assert not [one for one in titles if "MMS102" in one]


def test_an_editor_that_can_little_gets_what_it_understands(desk: Desk):
    # It resolves no actions, makes no versioned edits, and shows no pages.
    path = desk.open("config.py", LENGTH + LATE)
    identifier = types.TextDocumentIdentifier(path.as_uri())
    params = types.CodeActionParams(identifier, EVERYWHERE, types.CodeActionContext([]))
    actions = code_actions(desk.session, params)
    fix = next(one for one in actions if one.title.startswith("Fix MMS102"))
    assert fix.edit is None
    assert fix.command is not None
    assert fix.command.arguments is not None
    arguments = list(fix.command.arguments)
    fixed = apply_fix(desk.session, arguments).function()
    assert fixed.edit.document_changes is None
    (edit,) = fixed.edit.changes[path.as_uri()]
    assert "36" in edit.new_text
    for told in ([], [3], [{"uri": "file:///nowhere.py", "findings": []}]):
        with pytest.raises(MmscaffoldError, match="not open"):
            apply_fix(desk.session, told)
    desk.open("config.py", LENGTH)
    with pytest.raises(MmscaffoldError, match="changed meanwhile"):
        apply_fix(desk.session, arguments)
    outcome = explain_rule(desk.session, ["mms102"])
    assert outcome.message is not None
    assert outcome.message.startswith("MMS102: ")
    assert outcome.show is not None
    assert outcome.show.endswith("MMS102.md")


def test_the_index_is_complete_when_somebody_asks(desk: Desk):
    base = desk.write("base.py", "a = 1\n")
    heir = desk.write("heir.py", "_base_ = './base.py'\n")
    assert desk.session.index.heirs(base) == []
    assert desk.session.whole_index.heirs(base) == [heir]


def test_every_module_of_features_is_one():
    methods = [one.method for one in all_features()]
    assert {"textDocument/codeAction", "codeAction/resolve", "mmscaffold/resolved"} <= {*methods}
    assert len({one.name for one in all_commands()}) == len(all_commands()) == 6
