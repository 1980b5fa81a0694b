"""The reference of the command line, made of the commands themselves."""

from __future__ import annotations

import functools
import inspect
import re

import click
from mmscaffold.cli.main import group

_EXIT_CODES = "Exit codes: "
# What any command ends with, where it says nothing else.
_USUAL = "0 done; 2 on a usage or input error, in which case no file is changed."

_FRAME = {
    "en": {
        "usage": "Usage",
        "options": "Options",
        "head": "| option | does |\n| --- | --- |",
        "codes": "Exit codes",
        "head of codes": "| exit code | means |\n| --- | --- |",
        "fault": "a fault of mmscaffold itself: please report it, with the lines that it prints; "
        "no file was changed",
        "interrupted": "Ctrl-C",
        "english": "",
    },
    "zh": {
        "usage": "用法",
        "options": "选项",
        "head": "| 选项 | 作用 |\n| --- | --- |",
        "codes": "退出码",
        "head of codes": "| 退出码 | 含义 |\n| --- | --- |",
        "fault": "mmscaffold 自身的错误：没有任何文件被修改，请把打印的内容报告给我们",
        "interrupted": "Ctrl-C 中断",
        "english": '!!! note "命令的说明与选项取自命令本身，只有英文"\n\n',
    },
}


@functools.cache
def names() -> list[str]:
    """The subcommands, by name."""
    return group.list_commands(click.Context(group, info_name="mmscaffold"))


def page(name: str, language: str) -> str:
    """The page of a command.

    Args:
        name: The subcommand, such as ``check``.
        language: ``en`` or ``zh``.
    """
    parent = click.Context(group, info_name="mmscaffold")
    command = group.get_command(parent, name)
    assert command is not None
    frame = _FRAME[language]
    context = click.Context(command, info_name=name, parent=parent)
    paragraphs = _paragraphs(command)
    codes = next((one for one in paragraphs if one.startswith(_EXIT_CODES)), "")
    about = [_marked(one) for one in paragraphs if one != codes]
    parts = [f"# mmscaffold {name}", frame["english"] + about[0], f"## {frame['usage']}"]
    parts += [f"```text\n{_usage(command, context)}\n```", *about[1:]]
    parts += [f"## {frame['options']}", _options(command, context, frame["head"])]
    parts += [f"## {frame['codes']}", _codes(codes.removeprefix(_EXIT_CODES) or _USUAL, frame)]
    return "\n\n".join(parts) + "\n"


def _paragraphs(command: click.Command) -> list[str]:
    text = inspect.cleandoc(command.help or "").partition("\f")[0]
    found = [one.replace("\b\n", "") for one in re.split(r"\n\s*\n", text)]
    return [" ".join(one.split()) for one in found if one.strip()]


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def _options(command: click.Command, context: click.Context, head: str) -> str:
    rows = [head]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option):
            name, does = (" ".join(one.split()).replace("|", "\\|") for one in record)
            rows.append(f"| `{name}` | {_marked(does)} |")
    return "\n".join(rows)


def _codes(text: str, frame: dict[str, str]) -> str:
    rows = [frame["head of codes"]]
    for one in text.rstrip(".").split("; "):
        code, _, means = one.partition(" ")
        rows.append(f"| {code} | {_marked(means)} |")
    rows.append(f"| 3 | {frame['fault']} |")
    rows.append(f"| 130 | {frame['interrupted']} |")
    return "\n".join(rows)


def _marked(text: str) -> str:
    """Text of a help as Markdown: options and placeholders stand out, nothing is a tag."""
    text = text.replace("<", "&lt;")
    # Not what is quoted already.
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"(?<![\w-])(--[a-z][a-z-]*\w)", r"`\1`", part) for part in parts[::2]]
    return "".join(parts)
