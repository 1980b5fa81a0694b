"""What an editor is answered about a place: on mmdet's tree, over the protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from support.editor import CONFIG, Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="module")]

RTMDET = "rtmdet/rtmdet_s_8xb32-300e_coco.py"
# Two units of UTF-16 each, before the place on its line.
BASE = "../retinanet/retinanet_r50_fpn_1x_coco.py"
WIDE = f"_base_ = '{BASE}'\r\n注释 = '🚀🚀'; model = dict(neck=dict("


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    await client.start(tree, "visual-studio-code")
    yield
    await client.shutdown_session()


def at(editor: Editor, uri: str, word: str, behind: bool = False) -> dict[str, Any]:
    """A place in a document, as parameters of a request have it."""
    return {
        "text_document": types.TextDocumentIdentifier(uri),
        "position": editor.position(uri, word, behind=behind),
    }


def shown(editor: Editor, uri: str, where: types.Range) -> str:
    lines = editor.texts[uri].split("\n")
    units = lines[where.start.line].encode("utf-16-le")
    return units[where.start.character * 2 : where.end.character * 2].decode("utf-16-le")


async def test_hover(editor: Editor, tree: Path):
    uri = editor.open(tree / RTMDET)
    found = await editor.text_document_hover_async(
        types.HoverParams(**at(editor, uri, "deepen_factor"))
    )
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert "**model.backbone.deepen\\_factor**" in found.contents.value
    assert "overrides `1` of [rtmdet\\_l\\_8xb32-300e\\_coco.py:17]" in found.contents.value
    assert found.range is not None
    assert shown(editor, uri, found.range) == "deepen_factor"
    editor.close(uri)


async def test_hover_behind_wide_characters_of_unsaved_text_with_crlf(editor: Editor, tree: Path):
    uri = editor.open(tree / "rtmdet" / "new.py", f"{WIDE}num_outs=7))\r\n")
    found = await editor.text_document_hover_async(
        types.HoverParams(**at(editor, uri, "num_outs"))
    )
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert "```python\n7\n```" in found.contents.value
    assert "overrides `5`" in found.contents.value
    assert found.range is not None
    assert shown(editor, uri, found.range) == "num_outs"
    editor.close(uri)


async def test_definition(editor: Editor, tree: Path):
    uri = editor.open(tree / RTMDET)
    for word, file, line in (
        ("rtmdet_l", "rtmdet/rtmdet_l_8xb32-300e_coco.py", 0),
        ("backend_args}}", "_base_/datasets/coco_detection.py", 17),
        ("deepen_factor", "rtmdet/rtmdet_l_8xb32-300e_coco.py", 16),
        ("train_pipeline))", RTMDET, 11),
    ):
        found = await editor.text_document_definition_async(
            types.DefinitionParams(**at(editor, uri, word))
        )
        assert isinstance(found, list | tuple)
        assert isinstance(found[0], types.Location)
        assert found[0].uri == (tree / file).as_uri()
        assert found[0].range.start.line == line
    editor.close(uri)


async def test_references_of_a_base_and_of_a_value(editor: Editor, tree: Path):
    uri = editor.open(tree / "_base_/schedules/schedule_1x.py")

    async def references(word: str, uri: str) -> list[str]:
        found = await editor.text_document_references_async(
            types.ReferenceParams(
                **at(editor, uri, word), context=types.ReferenceContext(include_declaration=False)
            )
        )
        return [Path(one.uri).name for one in found or ()]

    takers = await references("max_epochs", uri)
    assert "retinanet_r50_fpn_1x_coco.py" in takers
    assert "rtmdet_l_8xb32-300e_coco.py" not in takers
    heir = editor.open(tree / RTMDET)
    heirs = await references("rtmdet_l", heir)
    assert {"rtmdet_s_8xb32-300e_coco.py", "rtmdet_m_8xb32-300e_coco.py"} <= set(heirs)
    editor.close(uri)
    editor.close(heir)


async def test_completion_and_signature_in_a_file_that_is_half_written(editor: Editor, tree: Path):
    uri = editor.open(tree / "rtmdet" / "new.py", f"{WIDE}type='FPN', ")
    found = await editor.text_document_completion_async(
        types.CompletionParams(**at(editor, uri, "type='FPN', ", behind=True))
    )
    assert isinstance(found, types.CompletionList)
    items = {one.label: one for one in found.items}
    assert items["num_outs"].detail == "base: 5"
    assert items["_delete_"].kind == types.CompletionItemKind.Keyword
    edit = items["num_outs"].text_edit
    assert isinstance(edit, types.TextEdit)
    editor.change(uri, [(edit.range, edit.new_text)])
    assert editor.texts[uri] == f"{WIDE}type='FPN', num_outs="
    helped = await editor.text_document_signature_help_async(
        types.SignatureHelpParams(**at(editor, uri, "num_outs=", behind=True))
    )
    assert helped is not None
    signature = helped.signatures[0]
    assert signature.label.startswith("FPN(")
    assert signature.parameters is not None
    assert helped.active_parameter is not None
    assert str(signature.parameters[helped.active_parameter].label).startswith("num_outs")
    editor.close(uri)


async def test_completion_of_a_type_replaces_what_is_there(editor: Editor, tree: Path):
    uri = editor.open(tree / "rtmdet" / "new.py", f"{WIDE}type='CSP', num_outs=3))")
    found = await editor.text_document_completion_async(
        types.CompletionParams(**at(editor, uri, "CSP", behind=True))
    )
    assert isinstance(found, types.CompletionList)
    edit = next(one.text_edit for one in found.items if one.label == "CSPNeXtPAFPN")
    assert isinstance(edit, types.TextEdit)
    editor.change(uri, [(edit.range, edit.new_text)])
    assert editor.texts[uri] == f"{WIDE}type='CSPNeXtPAFPN', num_outs=3))"
    editor.close(uri)


async def test_links_symbols_folds_hints_and_lenses(editor: Editor, tree: Path):
    uri = editor.open(tree / RTMDET)
    document = types.TextDocumentIdentifier(uri)
    links = await editor.text_document_document_link_async(types.DocumentLinkParams(document))
    base = (tree / "rtmdet/rtmdet_l_8xb32-300e_coco.py").as_uri()
    assert [one.target for one in links or ()] == [base]
    symbols = await editor.text_document_document_symbol_async(
        types.DocumentSymbolParams(document)
    )
    names = [one.name for one in symbols or ()]
    assert names[:3] == ["_base_", "checkpoint", "model"]
    folds = await editor.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert (2, 9) in {(one.start_line, one.end_line) for one in folds or ()}
    whole = types.Range(types.Position(0, 0), types.Position(200, 0))
    hints = await editor.text_document_inlay_hint_async(types.InlayHintParams(document, whole))
    labels = [one.label for one in hints or ()]
    assert "was 1" in labels
    assert any("type='CSPNeXt'" in str(one) for one in labels)
    lenses = await editor.text_document_code_lens_async(types.CodeLensParams(document))
    titles = [one.command.title for one in lenses or () if one.command]
    assert "trains 300 epochs, lr 0.004, batch size 32" in titles
    editor.close(uri)


async def test_a_lens_counts_heirs_and_hints_can_be_switched_off(editor: Editor, tree: Path):
    uri = editor.open(tree / "rtmdet/rtmdet_l_8xb32-300e_coco.py")
    document = types.TextDocumentIdentifier(uri)
    for _ in range(100):
        lenses = await editor.text_document_code_lens_async(types.CodeLensParams(document))
        titles = [one.command.title for one in lenses or () if one.command]
        if any(one.startswith("inherited by") for one in titles):
            break
    assert any(one.startswith("inherited by") and one.endswith("configs") for one in titles)
    off = {"mmscaffold": {"inlayHints": False, "codeLens": False}}
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(off))
    whole = types.Range(types.Position(0, 0), types.Position(200, 0))
    assert not await editor.text_document_inlay_hint_async(types.InlayHintParams(document, whole))
    assert not await editor.text_document_code_lens_async(types.CodeLensParams(document))
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams({}))
    editor.close(uri)


async def test_code_is_not_answered(editor: Editor, tree: Path):
    uri = editor.open(tree / "code.py", "class A:\n    model = dict(type='FPN')\n")
    params = at(editor, uri, "FPN")
    assert await editor.text_document_hover_async(types.HoverParams(**params)) is None
    found = await editor.text_document_completion_async(types.CompletionParams(**params))
    assert isinstance(found, types.CompletionList)
    assert not found.items
    editor.close(uri)


async def test_a_part_of_configs_is_looked_up_as_its_heirs_use_it(editor: Editor, tree: Path):
    uri = editor.open(tree / "_base_/models/retinanet_r50_fpn.py")
    # Whatever is asked for by name waits for the index.
    await editor.text_document_references_async(
        types.ReferenceParams(
            **at(editor, uri, "model"), context=types.ReferenceContext(include_declaration=False)
        )
    )
    found = await editor.text_document_hover_async(
        types.HoverParams(**at(editor, uri, "RetinaNet"))
    )
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert "class `RetinaNet(SingleStageDetector)`" in found.contents.value
    editor.close(uri)
