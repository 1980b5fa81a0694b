"""Quick fixes, comments that suppress, explanations; and whole configs, changed with a preview."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from click.testing import CliRunner
from lsprotocol import types
from lsprotocol.converters import get_converter
from mmscaffold.cli.check import command as check
from mmscaffold.config import resolve
from pygls.exceptions import JsonRpcException
from support.editor import CONFIG, Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="module")]

SCHEDULE = "../_base_/schedules/schedule_1x.py"
LATE = "faster_rcnn/faster-rcnn_r50-caffe-dc5_ms-3x_coco.py"
ANYWHERE = types.Range(types.Position(0, 0), types.Position(999, 0))
TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    pages = {"mmscaffold": {"pages": True}}
    await client.start(tree, "visual-studio-code", experimental=pages)
    yield
    await client.shutdown_session()


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def plain_editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    """One that can resolve no actions, make no versioned edits and show no pages."""
    client.capabilities = types.ClientCapabilities()
    await client.initialize_session(
        types.InitializeParams(client.capabilities, root_uri=tree.as_uri())
    )
    yield
    await client.shutdown_session()


async def chosen(editor: Editor, uri: str, title: str, where: types.Range = ANYWHERE) -> Any:
    """The action with a title that begins so, its edit resolved."""
    actions = await editor.actions(uri, where)
    action = next(one for one in actions if one["title"].startswith(title))
    if "data" in action:
        assert "edit" not in action
        return await editor.ask(types.CODE_ACTION_RESOLVE, _action(action))
    return _action(action)


def _action(plain: dict[str, Any]) -> types.CodeAction:
    action: types.CodeAction = get_converter().structure(plain, types.CodeAction)
    return action


def fixed_on_the_command_line(path: Path, text: str, folder: Path) -> str:
    """What ``check --fix`` makes of a text, beside a copy of the tree."""
    root = folder / "configs"
    shutil.copytree(path.parents[1], root)
    copy = root / path.parent.name / path.name
    copy.write_bytes(text.encode())
    CliRunner().invoke(check, ["--fix", str(copy)])
    return copy.read_bytes().decode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_a_fix_makes_of_unsaved_text_what_the_command_line_makes(
    editor: Editor, tree: Path, tmp_path: Path, newline: str
):
    text = "# 训练 😀\n" + (tree / LATE).read_text() + "name = '训练 😀'  # 名\n"
    uri = editor.open(tree / LATE, text.replace("\n", newline))
    await editor.findings(uri)
    action = await chosen(editor, uri, "Fix MMS102")
    assert action.kind == "quickfix"
    assert action.is_preferred
    edits = action.edit.document_changes[0].edits
    # As small as it can be: the rest of the text is not touched.
    assert sum(len(one.new_text) for one in edits) < 60
    before = editor.texts[uri]
    editor.apply(action.edit)
    assert editor.texts[uri] == fixed_on_the_command_line(tree / LATE, before, tmp_path)
    assert await editor.findings(uri) == ()
    editor.close(uri)


async def test_all_is_fixed_at_once_where_that_is_asked_for(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    await editor.findings(uri)
    (action,) = await editor.actions(uri, TOP, only=["source.fixAll"])
    assert action["kind"] == "source.fixAll.mmscaffold"
    resolved = await editor.ask(types.CODE_ACTION_RESOLVE, _action(action))
    editor.apply(resolved.edit)
    assert await editor.findings(uri) == ()
    assert await editor.actions(uri, TOP, only=["source.fixAll"]) == []
    editor.close(uri)


async def test_a_fix_of_what_was_changed_meanwhile_is_refused(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    await editor.findings(uri)
    actions = await editor.actions(uri, ANYWHERE, only=["quickfix"])
    fix = next(one for one in actions if one["title"].startswith("Fix"))
    editor.replace(uri, "milestones = [28, 34]", "milestones = [8, 11]")
    with pytest.raises(JsonRpcException, match="changed meanwhile"):
        await editor.ask(types.CODE_ACTION_RESOLVE, _action(fix))
    editor.close(uri)


async def test_a_comment_suppresses_a_finding(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    await editor.findings(uri)
    editor.apply((await chosen(editor, uri, "Suppress MMS102")).edit)
    line = next(one for one in editor.texts[uri].splitlines() if "milestones = " in one)
    assert line.endswith("[28, 34]  # mmscaffold: ignore[MMS102]")
    assert await editor.findings(uri) == ()
    # A comment that is there takes in one more rule.
    editor.replace(uri, "ignore[MMS102]", "ignore[MMS101]")
    assert {one.code for one in await editor.findings(uri)} == {"MMS001", "MMS102"}
    editor.apply((await chosen(editor, uri, "Suppress MMS102")).edit)
    assert "ignore[MMS101, MMS102]" in editor.texts[uri]
    editor.close(uri)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("late.yaml", f"_base_: {SCHEDULE}\ntrain_cfg: {{max_epochs: 36}}\n"),
        ("late.json", f'{{"_base_": "{SCHEDULE}",\n"train_cfg": {{"max_epochs": 36}}}}\n'),
        ("late.py", f"_base_ = '{SCHEDULE}'\ntrain_cfg = dict(max_epochs=36)\n"),
        ("cut.py", f"_base_ = '{SCHEDULE}'\ntrain_cfg = \\\n    dict(max_epochs=36)\n"),
    ],
)
async def test_fixes_and_comments_in_every_format(
    editor: Editor, tree: Path, name: str, text: str
):
    uri = editor.open(tree / "retinanet" / name, text)
    found = await editor.findings(uri)
    assert found
    actions = await editor.actions(uri, ANYWHERE)
    titles = [one["title"].split(" ")[0] for one in actions]
    # JSON has no comments.
    assert ("Suppress" in titles) == (name != "late.json")
    while any(one["title"].startswith("Suppress") for one in actions):
        first = next(one for one in actions if one["title"].startswith("Suppress"))
        editor.apply(_action(first).edit)
        await editor.findings(uri)
        actions = await editor.actions(uri, ANYWHERE)
    if name != "late.json":
        assert await editor.findings(uri) == ()
    editor.close(uri)


async def test_a_rule_is_explained(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    await editor.findings(uri)
    actions = await editor.actions(uri, ANYWHERE)
    explain = next(one for one in actions if one["title"].startswith("Explain"))
    assert explain["command"]["arguments"] == ["MMS102"]
    page = await editor.ask(
        types.WORKSPACE_EXECUTE_COMMAND,
        types.ExecuteCommandParams("mmscaffold.explainRule", ["MMS102"]),
    )
    assert page["markdown"].startswith("# MMS102: schedule-ends-before-training")
    assert page["url"].endswith("docs/rules/MMS102.md")
    assert editor.shown_documents == []
    editor.close(uri)


async def test_an_editor_that_can_little_gets_what_it_understands(
    plain_editor: Editor, tree: Path
):
    editor = plain_editor
    uri = editor.open(tree / LATE)
    await editor.findings(uri)
    actions = await editor.actions(uri, ANYWHERE)
    fix = next(one for one in actions if one["title"].startswith("Fix MMS102"))
    assert list(fix["edit"]) == ["changes"]
    editor.apply(_action(fix).edit)
    assert await editor.findings(uri) == ()
    await run(editor, "explainRule", "MMS102")
    await editor.until(lambda: editor.messages)
    assert editor.messages[-1].message.startswith("MMS102: ")
    editor.close(uri)


async def run(editor: Editor, command: str, argument: Any) -> Any:
    params = types.ExecuteCommandParams(f"mmscaffold.{command}", arguments=[argument])
    return await editor.ask(types.WORKSPACE_EXECUTE_COMMAND, params)


async def test_another_length_comes_with_a_preview(editor: Editor, tree: Path):
    uri = editor.open(tree / "retinanet" / "retinanet_r50_fpn_1x_coco.py")
    editor.replace(uri, "# optimizer", "# 优化 😀")
    count = len(editor.edits)
    result = await run(editor, "changeLength", {"uri": uri, "maxEpochs": 24})
    assert (result["edited"], result["applied"]) == (1, True)
    (asked,) = editor.edits[count:]
    assert asked.label == "Train 24 epochs"
    (annotation,) = asked.edit.change_annotations.values()
    assert annotation.needs_confirmation
    resolved = await editor.ask("mmscaffold/resolved", {"uri": uri})
    assert "max_epochs=24" in resolved.text
    assert "milestones=[16, 22]" in resolved.text
    assert "# 优化 😀" in editor.texts[uri]
    editor.close(uri)


async def test_bases_that_are_edited_take_their_heirs_along(editor: Editor, tree: Path):
    uri = editor.open(tree / "_base_" / "schedules" / "schedule_1x.py")
    count = len(editor.edits)
    result = await run(editor, "changeLength", {"uri": uri, "maxEpochs": 24})
    (asked,) = editor.edits[count:]
    uris = {one.text_document.uri for one in asked.edit.document_changes}
    # Configs that say themselves when their rate drops are edited with it.
    assert len(uris) == result["edited"] > 1
    assert uri in uris
    for one in uris:
        editor.close(one)


async def test_the_length_is_asked_for_where_it_was_not_told(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    editor.answer = "24 epochs"
    await run(editor, "changeLength", {"uri": uri})
    assert "Now it is 36 epochs" in editor.questions[-1].message
    assert "max_epochs=24" in editor.texts[uri]
    editor.answer = None
    before = editor.texts[uri]
    assert await run(editor, "changeLength", {"uri": uri}) is None
    assert editor.texts[uri] == before
    editor.close(uri)


@pytest.mark.parametrize(
    ("command", "told", "reason"),
    [
        ("changeLength", {"maxEpochs": "long"}, "must be a number"),
        ("changeLength", {"maxEpochs": 0}, "must be a number"),
        ("convertUnit", {"to": "hours"}, "must be 'iters' or 'epochs'"),
        ("convertUnit", {}, "dataset"),
        ("migrate", {}, "no project"),
    ],
)
async def test_what_cannot_be_done_says_why(
    editor: Editor, tree: Path, command: str, told: dict[str, Any], reason: str
):
    uri = editor.open(tree / LATE)
    count = len(editor.edits)
    with pytest.raises(JsonRpcException, match=reason):
        await run(editor, command, {"uri": uri, **told})
    assert reason in editor.messages[-1].message
    assert len(editor.edits) == count
    editor.close(uri)


async def test_another_unit(editor: Editor, tree: Path):
    uri = editor.open(tree / LATE)
    await run(editor, "convertUnit", {"uri": uri, "itersPerEpoch": 100})
    assert "max_iters=3600" in editor.texts[uri]
    titles = [one["title"] for one in await editor.actions(uri, TOP, only=["refactor"])]
    assert "Train in epochs instead of iterations" in titles
    editor.close(uri)


async def test_a_config_moves_onto_the_project_around_it(editor: Editor, project: Path):
    path = project / "configs" / "new.py"
    uri = editor.open(path, "_base_ = 'mmdet::retinanet/retinanet_r50_fpn_1x_coco.py'\n")
    # Automatically asked for, there is no light bulb for it.
    automatic = types.CodeActionTriggerKind.Automatic
    assert await editor.actions(uri, TOP, trigger_kind=automatic) == []
    titles = [one["title"] for one in await editor.actions(uri, TOP)]
    assert "Migrate onto the classes of my_project" in titles
    await run(editor, "migrate", {"uri": uri})
    assert "runner_type" in editor.texts[uri]
    assert "my_project" in editor.texts[uri]
    editor.close(uri)


async def test_a_config_of_2x_is_upgraded(editor: Editor, tree: Path, tmp_path: Path):
    path = tmp_path / "old.py"
    path.write_text(
        "runner = dict(type='EpochBasedRunner', max_epochs=12)\n"
        "optimizer = dict(type='SGD', lr=0.02)\n"
        "optimizer_config = dict(grad_clip=None)\n"
        "lr_config = dict(policy='step', step=[8, 11])\n"
    )
    uri = editor.open(path)
    titles = [one["title"] for one in await editor.actions(uri, TOP)]
    assert "Upgrade to MMDetection 3.x" in titles
    await run(editor, "upgrade", {"uri": uri})
    path.write_text(editor.texts[uri])
    assert resolve(path).get("train_cfg.max_epochs") == 12
    assert "lr_config" not in resolve(path).root
    editor.close(uri)
