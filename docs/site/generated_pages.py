"""The pages that are made of what the code carries, by the place where each stands in the site."""

from __future__ import annotations

import functools
from collections.abc import Callable

import command_pages
import guard_errors
from mmscaffold.check import pages as rule_pages
from mmscaffold.check.registry import all_rules
from mmscaffold.diagnose.pages import renew
from mmscaffold.upgrade import pages as note_pages
from mmscaffold.upgrade.codes import CODES

Write = Callable[[str], str]

COMMANDS = [f"reference/commands/{name}.md" for name in command_pages.names()]

_ENGLISH_BODY = '!!! note "本页由代码生成，标题为中文，正文只有英文"'

# The headings of the pages of rules and notes, and of their lists.
_HEADINGS = {
    "What it finds": "查什么",
    "Why it matters": "为什么重要",
    "Symptoms": "现象",
    "Before → after": "改前与改后",
    "Fix safety": "自动修复是否安全",
    "Since": "始于哪个版本",
    "Source in mmengine": "在 mmengine 中的依据",
    "Found in": "会报告的例子",
    "Not found in": "不会报告的例子",
    "What it tells": "说的是什么",
    "Why": "为什么",
    "What to do": "怎么办",
    "Example": "例子",
    "The rules of `mmscaffold check`": "`mmscaffold check` 的规则",
    "Rules over configs": "针对配置的规则",
    "Rules over Python code": "针对 Python 代码的规则",
    "Rules over the comments of mmscaffold itself": "针对 mmscaffold 自己的注释的规则",
    "The notes of `mmscaffold upgrade`": "`mmscaffold upgrade` 的说明",
    "Done, but not the same": "已经升级，但与原来不完全相同",
    "Decide": "需要您决定",
    "Cannot be upgraded": "无法升级",
}
_WORDS = {"(error)": "（错误）", "(warning)": "（警告）", "(info)": "（提示）"}

_SYMPTOMS = {
    "en": """\
# Symptoms and causes

What `mmscaffold diagnose` sees in a log, and what it concludes. How to use it:
[reading logs](../diagnose.md).

## Symptoms

<!-- symptoms --><!-- /symptoms -->

## Causes

Where the symptoms fit several causes equally well, the one that comes first here is named first.

<!-- causes --><!-- /causes -->

## Why runs die

<!-- deaths --><!-- /deaths -->
""",
    "zh": """\
# 现象与原因

`mmscaffold diagnose` 在日志里看到什么现象，由此推断出什么原因。用法见[读日志](../diagnose.md)。

!!! note "表格由代码生成，只有英文"

## 现象

<!-- symptoms --><!-- /symptoms -->

## 原因

几个原因与现象同样吻合时，先列出在此表中靠前的那一个。

<!-- causes --><!-- /causes -->

## 训练为什么中断

<!-- deaths --><!-- /deaths -->
""",
}


@functools.cache
def generated() -> dict[str, Write]:
    """What writes each page in ``en`` or ``zh``, by the path of its source below ``docs/``."""
    writers: dict[str, Write] = {
        "rules/README.md": lambda language: _framed(rule_pages.index(), language),
        "upgrade-notes/README.md": lambda language: _framed(note_pages.index(), language),
        "reference/symptoms.md": _symptoms,
        "reference/guard-errors.md": guard_errors.page,
    }
    for rule in all_rules():
        writers[f"rules/{rule.id}.md"] = functools.partial(_rule, rule)
    for code in CODES.values():
        writers[f"upgrade-notes/{code.code}.md"] = functools.partial(_note, code)
    for uri, name in zip(COMMANDS, command_pages.names(), strict=True):
        writers[uri] = functools.partial(command_pages.page, name)
    return writers


def _rule(rule: object, language: str) -> str:
    return _framed(rule_pages.page(rule), language)  # type: ignore[arg-type]


def _note(code: object, language: str) -> str:
    return _framed(note_pages.page(code), language)  # type: ignore[arg-type]


def _symptoms(language: str) -> str:
    return renew(_SYMPTOMS[language]).replace("](rules/", "](../rules/")


def _framed(page: str, language: str) -> str:
    """A page in English, in a Chinese frame if that is asked for."""
    if language == "en":
        return page
    lines, in_code = [], False
    for line in page.splitlines():
        in_code ^= line.startswith("```")
        lines.append(line if in_code or not line.startswith("#") else _heading(line))
    first = next(index for index, line in enumerate(lines) if line.startswith("# "))
    lines[first + 1 : first + 1] = ["", _ENGLISH_BODY, ""]
    return "\n".join(lines) + "\n"


def _heading(line: str) -> str:
    marks, _, text = line.partition(" ")
    for english, chinese in _WORDS.items():
        text = text.replace(f" {english}", chinese)
    return f"{marks} {_HEADINGS.get(text, text)}"
