"""What an editor is answered in a generated project."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from mmscaffold.scaffold.new_project import new_project
from support.editor import CONFIG, Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="module")]

TOY = "configs/toy/retinanet_r18_fpn_toy.py"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects") / "fishes"
    new_project(folder, {})
    return folder


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def editor(client: Editor, project: Path) -> AsyncIterator[None]:
    await client.start(project, "neovim")
    yield
    await client.shutdown_session()


def at(editor: Editor, uri: str, word: str, behind: bool = False) -> dict[str, Any]:
    return {
        "text_document": types.TextDocumentIdentifier(uri),
        "position": editor.position(uri, word, behind=behind),
    }


async def definitions(editor: Editor, uri: str, word: str) -> list[tuple[str, int]]:
    found = await editor.text_document_definition_async(
        types.DefinitionParams(**at(editor, uri, word))
    )
    assert isinstance(found, list | tuple)
    return [(one.uri, one.range.start.line) for one in found if isinstance(one, types.Location)]


async def test_classes_of_the_project(editor: Editor, project: Path):
    path = project / TOY
    text = path.read_text() + 'model.update(type="MyRetinaNet")\ntrain_cfg = dict(max_epochs=3)\n'
    uri = editor.open(path, text)
    models = project / "fishes" / "models" / "detectors.py"
    line = models.read_text().splitlines().index("class MyRetinaNet(RetinaNet):")
    assert await definitions(editor, uri, "MyRetinaNet") == [(models.as_uri(), line)]
    found = await editor.text_document_hover_async(
        types.HoverParams(**at(editor, uri, "MyRetinaNet"))
    )
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    # It has no constructor of its own: the parameters are those of its bases.
    assert "class `MyRetinaNet(RetinaNet)`" in found.contents.value
    assert "    backbone" in found.contents.value
    # The class of the train_cfg is inherited.
    editor.replace(uri, "max_epochs=3)", "max_epochs=3, )")
    offered = await editor.text_document_completion_async(
        types.CompletionParams(**at(editor, uri, "max_epochs=3, ", behind=True))
    )
    assert isinstance(offered, types.CompletionList)
    labels = {one.label for one in offered.items}
    assert {"val_interval", "val_begin", "dynamic_intervals"} <= labels
    assert not {"runner", "dataloader"} & labels
    editor.close(uri)


async def test_modules_names_and_bases(editor: Editor, project: Path):
    uri = editor.open(project / TOY)
    names = (project / "configs/_base_/datasets/class_names.py").as_uri()
    assert (await definitions(editor, uri, "class_names)"))[0][0] == names
    editor.close(uri)
    uri = editor.open(project / "configs/_base_/default_runtime.py")
    package = (project / "fishes/__init__.py").as_uri()
    assert await definitions(editor, uri, "fishes") == [(package, 0)]
    runner = await definitions(editor, uri, "MyRunner")
    assert [one[0] for one in runner] == [(project / "fishes/engine/runner.py").as_uri()]
    editor.close(uri)


async def test_types_that_the_project_registers_are_offered(editor: Editor, project: Path):
    uri = editor.open(project / TOY, (project / TOY).read_text() + 'val_cfg = dict(type="My")\n')
    offered = await editor.text_document_completion_async(
        types.CompletionParams(**at(editor, uri, 'type="My', behind=True))
    )
    assert isinstance(offered, types.CompletionList)
    items = {one.label: one for one in offered.items}
    assert items["MyValLoop"].detail == "fishes"
    assert "ValLoop" in items
    assert "MyRetinaNet" not in items
    editor.close(uri)
