"""The protocol itself: capabilities, UTF-16, cancellation, goodbyes, and messages that are odd."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from support.editor import Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="session")]

LATE = "faster_rcnn/faster-rcnn_r50-caffe-dc5_ms-3x_coco.py"


async def test_it_says_what_it_can(vscode: Editor):
    capabilities = vscode.hello.capabilities
    assert vscode.hello.server_info.name == "mmscaffold"
    assert capabilities.position_encoding == "utf-16"
    sync = capabilities.text_document_sync
    assert (sync.open_close, sync.change) == (True, types.TextDocumentSyncKind.Incremental)
    assert capabilities.code_action_provider.resolve_provider
    assert set(capabilities.execute_command_provider.commands) == {
        "mmscaffold.applyFix",
        "mmscaffold.changeLength",
        "mmscaffold.convertUnit",
        "mmscaffold.explainRule",
        "mmscaffold.migrate",
        "mmscaffold.upgrade",
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_columns_are_in_utf16(vscode: Editor, tree: Path, newline: str):
    text = (tree / LATE).read_text().replace("\n", newline)
    uri = vscode.open(tree / "faster_rcnn" / "places.py", text)
    # The second change lands behind characters that count twice.
    vscode.replace(uri, "_base_.param_sch", "name = '训练 😀'; _base_.param_sch")
    vscode.replace(uri, "😀'; ", "😀😀'; ")
    (found,) = await vscode.findings(uri)
    line = vscode.texts[uri].split(newline)[found.range.start.line]
    before = line[: line.index("[28, 34]")]
    assert found.range.start.character == len(before) + 2
    assert found.range.end.character == len(before) + 2 + len("[28, 34]")
    vscode.close(uri)


async def test_lines_end_where_editors_end_them(vscode: Editor, tree: Path):
    # For Python's splitlines, and for pygls, a form feed or U+2028 ends a line, too.
    text = "note = 'a\u2028b\x85c'\n\f\n" + (tree / LATE).read_text()
    uri = vscode.open(tree / "faster_rcnn" / "breaks.py", text)
    vscode.replace(uri, "[28, 34]\n\n", "[28, 34]\n\n# 😀\n")
    vscode.replace(uri, "milestones = [28, 34]", "milestones = [28, 35]")
    (found,) = await vscode.findings(uri)
    assert "[28, 35]" in found.message
    assert vscode.texts[uri].split("\n")[found.range.start.line].endswith(" = [28, 35]")
    vscode.close(uri)


async def test_a_request_can_be_taken_back(vscode: Editor, tree: Path):
    uri = vscode.open(tree / LATE)
    long = vscode.open(tree / "long.py", "model = [i * i for i in range(150_000)]\n")
    params = {"uri": uri}
    # Behind one that takes a while, the others are still waiting when they are taken back.
    first = vscode.protocol.send_request("mmscaffold/resolved", {"uri": long})
    futures = [
        vscode.protocol.send_request("mmscaffold/resolved", params, msg_id=f"taken-back-{number}")
        for number in range(20)
    ]
    for number in range(1, 20):
        vscode.cancel_request(types.CancelParams(f"taken-back-{number}"))
    answers = await asyncio.gather(*map(asyncio.wrap_future, futures), return_exceptions=True)
    assert "max_epochs=36" in answers[0].text
    codes = [one.code for one in answers if isinstance(one, JsonRpcException)]
    assert codes
    assert set(codes) == {types.LSPErrorCodes.RequestCancelled.value}
    await asyncio.wrap_future(first)
    # It goes on as if nothing had been.
    assert (await vscode.ask("mmscaffold/resolved", params)).text == answers[0].text
    vscode.close(uri)
    vscode.close(long)


async def test_typing_fast_is_answered_once(vscode: Editor, tree: Path):
    uri = vscode.open(tree / LATE)
    await vscode.findings(uri)
    told = len(vscode.published)
    for letter in "fast typing":
        vscode.replace(uri, "\n\n", f"\n# {letter}\n\n")
    await vscode.findings(uri)
    versions = [p.version for p in vscode.published[told:] if p.uri == uri]
    assert versions[-1] == vscode.versions[uri]
    # A machine that is busy may pause between two letters for longer than the server waits.
    assert len(versions) <= 3
    vscode.close(uri)


async def test_what_it_does_not_know_is_refused_and_ends_nothing(vscode: Editor, tree: Path):
    with pytest.raises(JsonRpcException):
        await vscode.ask("mmscaffold/unheardOf", {})
    vscode.protocol.notify("mmscaffold/unheardOf", {})
    identifier = types.VersionedTextDocumentIdentifier(2, "file:///nowhere.py")
    whole = types.TextDocumentContentChangeWholeDocument("a = 1")
    vscode.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [whole]))
    vscode.text_document_did_close(
        types.DidCloseTextDocumentParams(types.TextDocumentIdentifier("untitled:1"))
    )
    assert (await vscode.ask("mmscaffold/resolved", {"uri": "untitled:1"})).text is None
    assert (await vscode.ask("mmscaffold/resolved", {"uri": "file:///nowhere.py"})).text is None
    for command in ("mmscaffold.changeLength", "mmscaffold.explainRule"):
        for arguments in ([], [3], [{"uri": "file:///nowhere.py"}], ["MMS9999"]):
            with pytest.raises(JsonRpcException):
                await vscode.ask(
                    types.WORKSPACE_EXECUTE_COMMAND,
                    types.ExecuteCommandParams(command, arguments),
                )


def message(method: str, number: int | None = None, params: Any = None) -> bytes:
    whole: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if number is not None:
        whole["id"] = number
    if params is not None:
        whole["params"] = params
    body = json.dumps(whole).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


HELLO = message("initialize", 1, {"processId": None, "rootUri": None, "capabilities": {}})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HELLO + message("initialized", None, {}) + message("shutdown", 2) + message("exit"), 0),
        (b"Content-Length: 9\r\n\r\nnot json!" + HELLO, 1),
    ],
    ids=["goodbye", "not JSON, and then the editor dies"],
)
async def test_it_ends_when_the_editor_does(sent: bytes, status: int):
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "mmscaffold", "lsp"],
        input=sent,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b'"id":1' in ended.stdout.replace(b" ", b"")
    assert ended.returncode == status
