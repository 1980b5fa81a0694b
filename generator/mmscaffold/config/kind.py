"""Whether a file is a config, or Python code, read off its parsed tree."""

from __future__ import annotations

import ast
import codecs
import contextlib
import io
import json
import re
import tokenize
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.placeholders import parse_classic
from mmscaffold.config.text.source import Source
from mmscaffold.facts.runner import RUNNER_KEYS
from mmscaffold.lazy import lazy_pattern

# Of the keys that the Runner reads, the ones that a script or a module does not set by chance.
_TELLING_KEYS = frozenset(
    {
        "_base_", "default_hooks", "default_scope", "model", "optim_wrapper", "param_scheduler",
        "runner_type", "test_cfg", "test_dataloader", "train_cfg", "train_dataloader", "val_cfg",
        "val_dataloader",
    }
)  # fmt: skip
_DATA_KEYS = RUNNER_KEYS | _TELLING_KEYS

# Two shortcuts past the parser that cannot change the answer. Where the first line of code
# that is not an import sets a name, the file sets a name. Where no line begins with one of
# these words (after a form feed, too, a line begins for Python) and none asks for `__name__`,
# nothing is defined at the top level.
_FIRST_NAME = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:"
    rb"[ \t\f]*(?:#[^\r\n]*)?[\r\n]"
    rb"|(?:import|from)\b[^\r\n()\"'\\;]*(?:\([^()\"'\\;]*\)[ \t]*)?[\r\n]"
    rb")*([A-Za-z_]\w*)[ \t]*=(?!=)"
)
_MAX_DEPTH = 100
# As PowerShell and some editors write files; Python reads no code in it.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Bytes; a file that begins with more comments is parsed.
_BEGINNING = 1 << 16
_DEFINES_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?(?:(?:class|def|async)\b|@)")
_DEFINES_LATER = re.compile(rb"\n(?:(?:class|def|async)\b|@)")
# A set of characters takes many times as long to find as one.
_BEHIND_OTHER_BREAK = lazy_pattern(rb"[\r\f](?:(?:class|def|async)\b|@)")
_MAY_HOLD_KEY = lazy_pattern(
    rb"\b(?:" + "|".join(sorted(_DATA_KEYS)).encode() + rb")[\"']?[ \t]*:"
)


class TopLevel:
    """What the statements of a file do that stand in no other statement.

    Attributes:
        names: The names that are set, also by a subscript: ``model`` of ``model['x'] = 1``.
        keys: Those that are set as a whole.
        has_class: Whether one defines a class.
        has_function: Whether one defines a function, or is ``if __name__ == ...``.
        reads_base: Whether one is ``with read_base():``.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.keys: set[str] = set()
        self.has_class = False
        self.has_function = False
        self.reads_base = False


_MAY_TRAIN = re.compile(rb"\.(?:train|fromfile|from_cfg)\s*\(")


class PythonFile(NamedTuple):
    """What a Python file is.

    Attributes:
        is_config: Whether it is a config; otherwise it is code.
        tree: Its syntax, where telling took parsing it and it is valid Python as it stands.
    """

    is_config: bool
    tree: ast.Module | None = None


def python_file(path: Path, raw: bytes) -> PythonFile:
    """Tell whether a Python file is a config, by what it sets and defines.

    A config sets keys, at the top level; a class makes a file code, and so does a function,
    unless keys of the Runner are set beside it. In a file that is not valid Python, what stands
    before the fault counts.

    Args:
        path: The file; names such as ``conftest.py`` speak for code, and an ``__init__.py``
            beside it means that a file that only sets names holds constants.
        raw: Its contents.
    """
    if is_training_script(raw):
        return PythonFile(is_config=False)
    named_as_code = _is_named_as_code(path.name)
    if raw.startswith(_UTF_16):
        # Neither: whoever reads it as a config says so.
        return PythonFile(is_config=not named_as_code)
    first = None if named_as_code or _may_define(raw) else _FIRST_NAME.match(raw, 0, _BEGINNING)
    if first and (first.group(1).decode() in _TELLING_KEYS or not _is_in_package(path)):
        return PythonFile(is_config=True)
    tree = _parsed(raw)
    found = _of_tree(tree) if tree is not None else _of_torn_file(path, raw)
    sets_keys = found.reads_base or bool(found.keys & _TELLING_KEYS)
    if found.has_class:
        is_config = False
    elif named_as_code or found.has_function:
        is_config = sets_keys and not (named_as_code and found.has_function)
    else:
        is_config = sets_keys or (bool(found.names) and not _is_in_package(path))
    return PythonFile(is_config, tree)


def is_training_script(raw: bytes) -> bool:
    """Tell whether Python code trains when it is run, as no config does.

    It calls ``.train()`` or ``Runner.from_cfg``, or takes arguments and reads a config itself;
    what a function does counts as well.

    Args:
        raw: The code; what is not valid Python is no script.
    """
    if not _MAY_TRAIN.search(raw):
        return False
    tree = _parsed(raw)
    if tree is None:
        return False
    telling = {"train", "from_cfg", *(["fromfile"] if b"argparse" in raw else [])}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in telling
        and isinstance(node.func.value, ast.Name | ast.Call)
        for node in ast.walk(tree)
    )


def _may_define(raw: bytes) -> bool:
    # One pattern for all three takes five times as long.
    if b"__name__" in raw or _DEFINES_FIRST.match(raw) or _DEFINES_LATER.search(raw):
        return True
    return (b"\r" in raw or b"\f" in raw) and _BEHIND_OTHER_BREAK.search(raw) is not None


def is_data_config(path: Path, raw: bytes) -> bool:
    """Tell whether a YAML or JSON file holds a key that the Runner reads.

    Raises:
        ConfigError: If it holds one, and then turns out not to be valid YAML or JSON.
    """
    if not _MAY_HOLD_KEY.search(raw):
        return False
    import yaml

    text = raw.decode("utf-8-sig", "replace")
    found = False
    try:
        if path.suffix == ".json":
            document = json.loads(text)
            return isinstance(document, dict) and not _DATA_KEYS.isdisjoint(document)
        for key in _top_level_keys(text):
            found = found or key in _DATA_KEYS
    except json.JSONDecodeError as error:
        # What was meant as a config is told; YAML's reader says how far it is one.
        with contextlib.suppress(yaml.YAMLError):
            found = any(key in _DATA_KEYS for key in _top_level_keys(text[: error.pos]))
        if found:
            where = f"{path}:{error.lineno}:{error.colno}"
            raise ConfigError(f"is not valid JSON: {error.msg}", where=where) from None
    except yaml.YAMLError as error:
        if found:
            mark = getattr(error, "problem_mark", None)
            where = f"{path}:{mark.line + 1}" if mark else str(path)
            problem = getattr(error, "problem", None) or error
            raise ConfigError(f"is not valid YAML: {problem}", where=where) from None
    except (RecursionError, ValueError):
        # Deeper, or with longer numbers, than any config.
        return False
    return found


def _top_level_keys(text: str) -> Iterator[str]:
    """The keys of a YAML document, as far as it can be read."""
    import yaml

    depth = 0
    is_key = False
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if depth == 0:
                return
            is_key = True
        elif isinstance(event, yaml.CollectionStartEvent):
            if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                return
            depth += 1
            if depth > _MAX_DEPTH:
                # libyaml takes time that grows with the square of the depth.
                return
            is_key = depth == 1
        elif depth == 1 and isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            if is_key and isinstance(event, yaml.ScalarEvent):
                yield event.value
            is_key = not is_key


def _is_in_package(path: Path) -> bool:
    return (path.parent / "__init__.py").is_file()


def _is_named_as_code(name: str) -> bool:
    stem = name.removesuffix(".py")
    return stem in {"__init__", "conftest", "setup"} or (
        stem.startswith("test_") or stem.endswith("_test")
    )


def _parsed(raw: bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            # Invalid escapes such as "\d" are the author's affair.
            warnings.simplefilter("ignore")
            return ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_tree(tree: ast.Module) -> TopLevel:
    found = TopLevel()
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found.has_class = True
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.has_function = True
        elif isinstance(node, ast.If):
            found.has_function |= _asks_for_main(node.test)
        elif isinstance(node, ast.With):
            found.reads_base |= any(_is_read_base(item.context_expr) for item in node.items)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.names.add(node.target.id)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                _add_target(target, found)
    return found


def _add_target(target: ast.expr, found: TopLevel) -> None:
    if isinstance(target, ast.Name):
        found.names.add(target.id)
        found.keys.add(target.id)
    elif isinstance(target, ast.Subscript):
        inner = target.value
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
        if isinstance(inner, ast.Name):
            found.names.add(inner.id)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            _add_target(one, found)


def _asks_for_main(test: ast.expr) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(test))


def _is_read_base(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "read_base"
    )


def _of_torn_file(path: Path, raw: bytes) -> TopLevel:
    """The same of a file that is not valid Python as it stands."""
    if b"{{" in raw:
        # mmengine fills in placeholders before Python sees the file.
        try:
            parsed, _ = parse_classic(Source(path, raw))
            return _of_tree(parsed.tree)
        except ConfigError:
            pass
    found = TopLevel()
    words: list[str] = []
    for words in _logical_lines(raw.decode("utf-8-sig", "replace")):
        first, second = words[0], words[1] if len(words) > 1 else ""
        if first == "class":
            found.has_class = True
        elif first in {"def", "async", "@"} or words[:2] == ["if", "__name__"]:
            found.has_function = True
        elif words[:3] == ["with", "read_base", "("]:
            found.reads_base = True
        elif first.isidentifier() and second in {"=", "[", "+="} and {"=", "+="} & {*words[1:]}:
            found.names.add(first)
            if second == "=":
                found.keys.add(first)
    return found


def _logical_lines(text: str) -> Iterator[list[str]]:
    """The tokens of each line at the top level, up to the one that Python cannot read."""
    words: list[str] = []
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.INDENT:
                depth += 1
            elif token.type == tokenize.DEDENT:
                depth -= 1
            elif token.type in {tokenize.NEWLINE, tokenize.ENDMARKER} or token.string == ";":
                if words:
                    yield words
                words = []
            elif depth == 0 and token.type not in {tokenize.NL, tokenize.COMMENT}:
                words.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        if words:
            yield words
