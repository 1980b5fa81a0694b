"""Findings in what is open in an editor, saved or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from support.editor import CONFIG, Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="module")]

READ_BASE = "from mmengine.config import read_base\n"
LATE = "faster_rcnn/faster-rcnn_r50-caffe-dc5_ms-3x_coco.py"
PLAIN = "retinanet/retinanet_r50_fpn_1x_coco.py"


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    await client.start(tree)
    yield
    await client.shutdown_session()


async def codes(editor: Editor, uri: str) -> list[str | int | None]:
    return [one.code for one in await editor.findings(uri)]


async def test_a_finding_is_shown_where_check_tells_it(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    (found,) = await editor.findings(uri)
    assert found.code == "MMS102"
    assert found.source == "mmscaffold"
    assert found.severity is types.DiagnosticSeverity.Error
    assert found.code_description is not None
    assert found.code_description.href.endswith("/docs/rules/MMS102.md")
    start = editor.position(uri, ".milestones = ", behind=True)
    end = editor.position(uri, ".milestones = [28, 34]", behind=True)
    assert found.range == types.Range(start, end)
    editor.close(uri)
    await editor.until(lambda: not editor.diagnostics[uri])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_places_are_in_the_units_of_the_editor(editor: Editor, tree: Path, newline: str):
    lines = (tree / LATE).read_text().replace("\n", newline)
    uri = editor.open(tree / "faster_rcnn" / "places.py", lines)
    editor.replace(uri, "_base_.param_sch", "name = '训练 😀'; _base_.param_sch")
    (found,) = await editor.findings(uri)
    assert found.range.start == editor.position(uri, ".milestones = ", behind=True)
    line = editor.texts[uri].split(newline)[found.range.start.line]
    before = line[: line.index("[28, 34]")]
    # Neovim asks for UTF-8; other editors stand in test_protocol.
    assert editor.encoding == "utf-8"
    assert found.range.start.character == len(before.encode())
    editor.close(uri)


async def test_what_is_typed_in_a_base_shows_in_what_inherits_from_it(editor: Editor, tree: Path):
    heir = editor.open(tree / PLAIN)
    other = editor.open(tree / "_base_" / "datasets" / "coco_detection.py")
    assert await codes(editor, heir) == []
    base = editor.open(tree / "_base_" / "schedules" / "schedule_1x.py")
    assert await codes(editor, base) == []
    told = len(editor.published)
    editor.replace(base, "max_epochs=12", "max_epochs=120")
    assert await codes(editor, base) == ["MMS149"]
    await editor.until(lambda: any(p.uri == heir for p in editor.published[told:]))
    # The fault is the base's own, and is told there; the heir only resolves to something else.
    await editor.until(lambda: heir in editor.resolved_changed)
    assert not any(p.uri == other for p in editor.published[told:])
    for uri in (heir, other, base):
        editor.close(uri)


async def test_a_base_that_does_not_fit_an_heir_is_told_in_the_heir(editor: Editor, tree: Path):
    base = editor.open(tree / "_base_" / "schedules" / "schedule_1x.py")
    text = "_base_ = '../_base_/schedules/schedule_1x.py'\ntrain_cfg = dict(max_epochs=12)\n"
    heir = editor.open(tree / "retinanet" / "heir.py", text)
    assert await codes(editor, heir) == []
    told = len(editor.published)
    editor.replace(base, "end=12", "end=6")
    editor.replace(base, "milestones=[8, 11]", "milestones=[4, 5]")

    def news() -> list[types.PublishDiagnosticsParams]:
        return [p for p in editor.published[told:] if p.uri == heir]

    await editor.until(news)
    # Closed without being saved, the base is again what it is on disk.
    told = len(editor.published)
    editor.close(base)
    await editor.until(news)
    assert [one.code for one in news()[-1].diagnostics] == []
    editor.close(heir)


async def test_half_written_files_keep_what_is_shown(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    before = await editor.findings(uri)
    told = len(editor.published)
    editor.replace(uri, "_base_.param", "model = dict(\n_base_.param")
    editor.replace(uri, "model = dict(\n", "")
    assert await editor.findings(uri) == before
    versions = [p.version for p in editor.published[told:] if p.uri == uri]
    assert versions == [editor.versions[uri]]
    editor.close(uri)


async def test_a_missing_base_is_told_where_it_is_named(editor: Editor, tree: Path):
    text = "# 说明\n_base_ = ['../_base_/nowhere.py']\n"
    uri = editor.open(tree / "retinanet" / "missing.py", text)
    (found,) = await editor.findings(uri)
    assert found.severity is types.DiagnosticSeverity.Error
    assert "does not exist" in found.message
    assert found.range.start.line == 1
    editor.close(uri)


async def test_a_fault_of_a_base_is_told_where_the_base_is_named(editor: Editor, tree: Path):
    broken = tree / "retinanet" / "broken_base.py"
    broken.write_text("model = dict(\n")
    uri = editor.open(tree / "retinanet" / "over_it.py", "\n_base_ = './broken_base.py'\n")
    (found,) = await editor.findings(uri)
    assert found.range.start.line == 1
    assert found.related_information is not None
    assert found.related_information[0].location.uri == broken.as_uri()
    # Mended elsewhere: the editor says which file was written.
    broken.write_text("model = dict(type='A')\n")
    told = len(editor.published)
    changed = types.FileEvent(broken.as_uri(), types.FileChangeType.Changed)
    editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await editor.until(lambda: any(p.uri == uri for p in editor.published[told:]))
    assert all(one.range.start.line != 1 for one in editor.diagnostics[uri])
    # Deleted under it: nobody says so, but the next key shows it.
    broken.unlink()
    editor.replace(uri, "\n_base_", "\n\n_base_")
    (found,) = await editor.findings(uri)
    assert "does not exist" in found.message
    editor.close(uri)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("data.yaml", "# 训练 😀\n_base_: ./nowhere.py\n", 1),
        ("data.json", '{\n"_base_": "./nowhere.py"}\n', 1),
        (
            "lazy.py",
            "from mmengine.config import read_base\nwith read_base():\n    from .x import *\n",
            2,
        ),
    ],
)
async def test_configs_of_every_format_are_looked_at(
    editor: Editor, tree: Path, name: str, text: str, line: int
):
    uri = editor.open(tree / "retinanet" / name, text, language=name.rpartition(".")[2])
    (found,) = await editor.findings(uri)
    assert found.range.start.line == line
    editor.close(uri)


async def test_other_peoples_files_are_none_of_its_business(editor: Editor, tree: Path):
    told = len(editor.published)
    script = editor.open(tree / "script.py", "import sys\n\n\ndef main():\n    print(sys.argv)\n")
    data = editor.open(tree / "package.json", '{"name": "x"}', language="json")
    last = editor.open(tree / PLAIN)
    await editor.findings(last)
    assert not {script, data} & {p.uri for p in editor.published[told:]}
    for uri in (script, data, last):
        editor.close(uri)


async def test_code_that_registers_classes_is_looked_at_unsaved(editor: Editor, tree: Path):
    text = (
        "# 训练 😀\n"
        "from mmengine.hooks import Hook\n"
        "from mmengine.registry import HOOKS\n\n\n"
        "@HOOKS.register_module\n"
        "class MyHook(Hook):\n"
        "    pass\n"
    )
    uri = editor.open(tree.parent / "my_hook.py", text)
    (found,) = await editor.findings(uri)
    assert found.code == "MMS247"
    assert found.range.start.line == 5
    editor.replace(uri, "register_module\n", "register_module()\n")
    assert await codes(editor, uri) == []
    # Half-written code keeps what is shown, and is looked at again when it is whole.
    editor.replace(uri, "pass", "def before_train_iter(")
    editor.replace(uri, "def before_train_iter(", "def before_train_iter(self): pass")
    assert len(await editor.findings(uri)) == 1
    editor.close(uri)


@pytest.mark.parametrize(
    "text",
    [
        "model = '" + "x" * (1 << 20) + "'\n",
        "model = [" + "1, " * 120_000 + "]\n",
        "model = " + "[" * 400 + "]" * 400 + "\n",
        "model = [0] * 10 ** 9\n",
    ],
    ids=["large", "long", "deep", "greedy"],
)
async def test_huge_and_hostile_files_do_no_harm(editor: Editor, tree: Path, text: str):
    uri = editor.open(tree / "retinanet" / "huge.py", text)
    small = editor.open(tree / PLAIN)
    assert await codes(editor, small) == []
    editor.close(uri)
    editor.close(small)
    assert not [one for one in editor.log_messages if "failed" in one.message]


async def test_files_that_are_not_utf8_do_no_harm(editor: Editor, tree: Path):
    base = tree / "retinanet" / "latin.py"
    base.write_bytes("model = dict(type='é')\n".encode("latin-1"))
    uri = editor.open(tree / "retinanet" / "over_latin.py", "_base_ = './latin.py'\n")
    (found,) = await editor.findings(uri)
    assert "UTF-8" in found.message
    half = editor.open(tree / "retinanet" / "half.py", "model = 'a'\n")
    editor.replace(half, "'a'", "'\ud83d'")
    (found,) = await editor.findings(half)
    assert "UTF-8" in found.message
    editor.close(uri)
    editor.close(half)


async def test_settings_of_the_editor_and_of_the_project(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    assert await codes(editor, uri) == ["MMS102"]

    async def told(expected: list[str]) -> None:
        await editor.until(lambda: [one.code for one in editor.diagnostics[uri]] == expected)

    def configure(**settings: bool) -> None:
        params = types.DidChangeConfigurationParams({"mmscaffold": settings})
        editor.workspace_did_change_configuration(params)

    configure(diagnostics=False)
    await told([])
    configure(diagnostics=True)
    await told(["MMS102"])
    table = tree / "pyproject.toml"
    table.write_text('[tool.mmscaffold.check]\nignore = ["MMS102"]\n')
    saved = types.TextDocumentIdentifier(table.as_uri())
    editor.text_document_did_save(types.DidSaveTextDocumentParams(saved))
    await told([])
    table.write_text('[tool.mmscaffold.check]\nignore = ["NONE"]\n')
    editor.text_document_did_save(types.DidSaveTextDocumentParams(saved))
    await editor.until(
        lambda: "there is no rule" in "".join(one.message for one in editor.diagnostics[uri])
    )
    table.unlink()
    editor.text_document_did_save(types.DidSaveTextDocumentParams(saved))
    await told(["MMS102"])
    editor.close(uri)
