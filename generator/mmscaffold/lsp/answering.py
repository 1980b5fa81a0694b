"""How a request is answered: by the worker, and what a command leads to, by the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.connection import REQUEST_FAILED, ConfigLanguageServer
from mmscaffold.lsp.feature import Command, Feature, Later, Outcome, Question
from mmscaffold.lsp.worker import Urgency

if TYPE_CHECKING:
    from mmscaffold.lsp.session import Session


def register_feature(server: ConfigLanguageServer, method: str, features: list[Feature]) -> None:
    """Have a method of the protocol answered by one or more features."""
    options = next((one.options for one in features if one.options is not None), None)

    @server.feature(method, options)
    async def answer(params: Any) -> Any:
        return await _answer(server, method, partial(_join, features, params))


def register_commands(server: ConfigLanguageServer, commands: Iterable[Command]) -> None:
    """Have commands answered."""
    for command in commands:
        server.command(command.name)(_runner(server, command))


def _runner(server: ConfigLanguageServer, command: Command) -> Callable[..., Any]:
    # pygls looks at the parameters of what it calls, and so must have a function of its own.
    async def run(*arguments: Any) -> Any:
        return await _run(server, command, list(arguments))

    return run


def _join(features: list[Feature], params: Any, session: Session) -> Any:
    """What some features answer; their lists are joined."""
    if len(features) == 1:
        return features[0].answer(session, params)
    answers = []
    for feature in features:
        try:
            answers.append(feature.answer(session, params))
        except MmscaffoldError:
            continue
    return [item for one in answers if one is not None for item in one]


async def _answer(
    server: ConfigLanguageServer, method: str, function: Callable[[Session], Any]
) -> Any:
    try:
        return await _result(server, method, function)
    except MmscaffoldError as error:
        if method.endswith("/resolve"):
            # Somebody chose it, and should know why nothing happens.
            raise JsonRpcException(str(error), code=REQUEST_FAILED) from None
        return None


async def _run(server: ConfigLanguageServer, command: Command, told: list[Any]) -> Any:
    try:
        outcome = await _result(server, command.name, lambda session: command.run(session, told))
    except MmscaffoldError as error:
        server.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))
        raise JsonRpcException(str(error), code=REQUEST_FAILED) from None
    if outcome.question is None:
        return await _done(server, outcome)
    chosen = await _chosen(server, outcome.question)
    return None if chosen is None else await _run(server, command, [chosen])


async def _result(
    server: ConfigLanguageServer, what: str, function: Callable[[Session], Any]
) -> Any:
    try:
        answer = await server.ask(Urgency.REQUEST, function)
        return await server.take_time(answer.function) if isinstance(answer, Later) else answer
    except MmscaffoldError:
        raise
    except Exception as error:
        server.log_failure(what, error)
        raise JsonRpcInternalError(f"{what} failed: {type(error).__name__}: {error}") from None


async def _chosen(server: ConfigLanguageServer, question: Question) -> dict[str, Any] | None:
    titles = [types.MessageActionItem(choice.title) for choice in question.choices]
    answer = await server.window_show_message_request_async(
        types.ShowMessageRequestParams(types.MessageType.Info, question.text, titles)
    )
    if answer is None:
        return None
    return next((one.argument for one in question.choices if one.title == answer.title), None)


async def _done(server: ConfigLanguageServer, outcome: Outcome) -> Any:
    result = outcome.result
    if outcome.edit is not None:
        result = {**(result or {}), "applied": await _applied(server, outcome)}
    window = server.client_capabilities.window
    if outcome.show is not None and window and window.show_document:
        await server.window_show_document_async(
            types.ShowDocumentParams(outcome.show, external=True)
        )
    elif outcome.message:
        server.window_show_message(
            types.ShowMessageParams(types.MessageType.Info, outcome.message)
        )
    return result


async def _applied(server: ConfigLanguageServer, outcome: Outcome) -> bool:
    """Whether the editor made an edit; it says itself why it did not."""
    if outcome.edit is None:
        return False
    params = types.ApplyWorkspaceEditParams(outcome.edit, outcome.label)
    try:
        answer = await server.workspace_apply_edit_async(params)
    except JsonRpcException:
        return False
    return answer.applied
