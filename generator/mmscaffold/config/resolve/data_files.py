"""Read YAML and JSON configs, with the place of every value.

mmengine loads YAML with PyYAML's unsafe loader and JSON with ``json`` (``fileio/handlers``);
here no tag runs code. PyYAML marks the nodes of both, since JSON is written like YAML.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from mmscaffold.config.errors import ConfigError, ConfigSyntaxError
from mmscaffold.config.evaluate.budget import (
    MAX_DEPTH,
    MAX_INTEGER_BITS,
    check_depth,
    check_size,
)
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.text.placeholders import base_variable_token, substitute
from mmscaffold.config.text.source import ParsedFile, Source, Span

# Neither format may hold the control characters that mark base variables elsewhere.
_TOKEN = "\ue000{}\ue001"
_TOKEN_PATTERN = re.compile("\ue000([\\w.]+)\ue001")
_ESCAPE = re.compile(r"\\(?:(u[dD][89a-fA-F][\da-fA-F]{2})|.)", re.DOTALL)
# The largest official file has 1,000.
_MAX_NODES = 20_000
# Keys that `<<` brings in, all of a file counted.
_MAX_MERGED = 100_000
# Characters; Python reads no longer integer either.
_LONGEST_NUMBER = 4_000
_COLLECTIONS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("map", "omap", "pairs", "seq", "set")
)
_NUMBERS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("float", "int", "timestamp"))


class ParsedData(ParsedFile):
    """A parsed YAML or JSON config.

    Attributes:
        root: The node of the whole document.
        is_json: Whether it is JSON.
        has_base_variables: Whether it holds base variables still to be looked up.
    """

    def __init__(self, source: Source) -> None:
        substituted = substitute(source, _TOKEN)
        super().__init__(source, substituted.text, substituted.offsets)
        self.has_base_variables = substituted.has_base_variables
        self.is_json = source.path.suffix == ".json"
        self._bytes_before: list[int] | None = None
        self.root = self._compose()

    def span(self, node: yaml.Node) -> Span:
        """Where ``node`` stands in the file, in bytes, without the blanks behind it."""
        start = node.start_mark.index
        return self._in_file(self._byte_of(start), self._byte_of(self._end(node)))

    def _end(self, node: yaml.Node) -> int:
        """Where a node ends, without what stands behind it: blanks, and comments."""
        start, end = node.start_mark.index, node.end_mark.index
        if not isinstance(node, yaml.CollectionNode):
            block = getattr(node, "style", None) in {"|", ">"}
            return start + len(self.text[start:end].rstrip()) if block else end
        if node.flow_style or not node.value:
            return start + len(self.text[start:end].rstrip())
        # A block ends for PyYAML where the next token begins: it ends with its last item.
        *before, last = self._parts(node)
        own = start <= last.start_mark.index and last.end_mark.index <= end
        if own and all(one.end_mark.index <= last.start_mark.index for one in before[-1:]):
            return self._end(last)
        # An alias: its node stands elsewhere.
        text = self.text[start:end].rstrip()
        while (line := text.rpartition("\n")[2].strip()).startswith("#"):
            text = text[: -len(line)].rstrip()
        comment = re.search(r"\s#", line)
        code = line[: comment.start()].rstrip() if comment else line
        return start + len(text) - len(line) + len(code)

    @staticmethod
    def _parts(node: yaml.CollectionNode) -> list[yaml.Node]:
        if isinstance(node, yaml.MappingNode):
            return [part for pair in node.value for part in pair]
        return list(node.value)

    def _byte_of(self, index: int) -> int:
        bom = self.source.bom_length if self._make_offsets is None else 0
        if self.text.isascii():
            return bom + index
        if self._bytes_before is None:
            self._bytes_before = [0]
            for character in self.text:
                self._bytes_before.append(self._bytes_before[-1] + len(character.encode()))
        return bom + self._bytes_before[index]

    def byte_of(self, index: int) -> int:
        """The byte of the file at which a character of the parsed text stands."""
        return self._in_file(self._byte_of(index), self._byte_of(index)).start

    def _compose(self) -> yaml.MappingNode:
        text = self.text
        if self.is_json:
            self._check_json()
            # JSON allows tabs between tokens, and only there; YAML does not.
            text = text.replace("\t", " ")
            if "\\u" in text:
                # Nor does it pair surrogates. Only the places count: json reads the strings.
                text = _ESCAPE.sub(_without_surrogate, text)
        try:
            root = _Composer(text, self).get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else 1
            raise ConfigSyntaxError(
                f"syntax error: {error.problem}", where=f"{self.path}:{line}"
            ) from None
        except yaml.YAMLError as error:
            raise ConfigError(f"cannot be parsed: {error}", where=str(self.path)) from None
        except RecursionError:
            raise ConfigError(
                "is nested too deeply to be a config", where=str(self.path)
            ) from None
        if not isinstance(root, yaml.MappingNode):
            raise ConfigError(
                "must be a mapping of keys to values", where=str(self.path), hint="Is it a config?"
            )
        return root

    def _check_json(self) -> None:
        try:
            json.loads(self.text)
        except json.JSONDecodeError as error:
            where = f"{self.path}:{error.lineno}:{error.colno}"
            raise ConfigSyntaxError(f"syntax error: {error.msg}", where=where) from None
        except (RecursionError, ValueError):
            raise ConfigError(
                "is nested too deeply, or holds a number too long, to be a config",
                where=str(self.path),
            ) from None


def _without_surrogate(escape: re.Match[str]) -> str:
    return "x" * 6 if escape.group(1) else escape.group()


def data_values(parsed: ParsedData) -> CfgDict:
    """The values of a YAML or JSON config, as mmengine would load them.

    Raises:
        ConfigError: If a value has no meaning in its format, or contains itself.
    """
    builder = _Builder(parsed)
    try:
        result = builder.build(parsed.root, 0)
        check_depth(result, str(parsed.path))
        check_size(result, str(parsed.path))
    except RecursionError:
        raise ConfigError("is nested too deeply to be a config", where=str(parsed.path)) from None
    except (yaml.YAMLError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ConfigError(f"could not be read: {error}", where=str(parsed.path)) from None
    if not all(isinstance(key, str) for key in result):
        raise ConfigError("has a key that is not a string", where=str(parsed.path))
    values: CfgDict = result
    return values


if hasattr(yaml, "CSafeLoader"):
    # libyaml reads the text, as in mmengine, thirty times as fast; the nodes are made here.
    class _Loader(yaml.composer.Composer, yaml.CSafeLoader):
        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            yaml.composer.Composer.__init__(self)
else:
    _Loader = yaml.SafeLoader  # type: ignore[misc, assignment]


class _Composer(_Loader):
    """Makes nodes of a text, as many and as deep as a config has."""

    def __init__(self, text: str, parsed: ParsedData) -> None:
        super().__init__(text)
        self._path = parsed.path
        self._nodes = 0
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._nodes += 1
        self._depth += 1
        if self._nodes > _MAX_NODES or self._depth > MAX_DEPTH:
            event: Any = self.peek_event()
            where = f"{self._path}:{event.start_mark.line + 1}"
            if self._depth > MAX_DEPTH:
                raise ConfigError("is nested too deeply to be a config", where=where)
            raise ConfigError(
                f"has more than {_MAX_NODES:,} values; a config has far fewer", where=where
            )
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Constructor(yaml.constructor.SafeConstructor):
    """Makes scalars of nodes, and merges what stands behind ``<<``, within bounds."""

    def __init__(self, parsed: ParsedData) -> None:
        super().__init__()
        self._parsed = parsed
        self._merged = 0
        self._flat: set[yaml.Node] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put the keys behind ``<<`` into a mapping; aliases may multiply them at each level."""
        if node in self._flat:
            return
        self._flat.add(node)
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    if isinstance(one, yaml.MappingNode):
                        self.flatten_mapping(one)
                        self._merged += len(one.value)
            if self._merged > _MAX_MERGED:
                raise ConfigError(
                    f"its << bring in more than {_MAX_MERGED:,} keys",
                    where=self._parsed.where(node),
                    hint="A config this large is treated as hostile; write the keys out.",
                )
        super().flatten_mapping(node)

    def scalar(self, node: yaml.ScalarNode) -> Any:
        """The value of a scalar."""
        if node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
            raise ConfigError(
                f"a number of {len(node.value):,} characters", where=self._parsed.where(node)
            )
        value = self.construct_object(node)
        if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
            raise ConfigError(
                f"a number of {value.bit_length():,} bits", where=self._parsed.where(node)
            )
        return value


class _Builder:
    """Makes values of nodes; two aliases of one node share one value."""

    def __init__(self, parsed: ParsedData) -> None:
        self._parsed = parsed
        self._constructor = _Constructor(parsed)
        self._done: dict[yaml.Node, Any] = {}

    def build(self, node: yaml.Node, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ConfigError(
                "is nested too deeply to be a config", where=self._parsed.where(node)
            )
        if node in self._done:
            return self._done[node]
        tag = node.tag
        value: Any
        if isinstance(node, yaml.MappingNode) and tag == "tag:yaml.org,2002:map":
            value = self._done[node] = CfgDict()
            self._constructor.flatten_mapping(node)
            for key_node, value_node in node.value:
                key = self.build(key_node, depth + 1)
                item = self.build(value_node, depth + 1)
                value.put(key, item, Origin(self._parsed, value_node))
        elif isinstance(node, yaml.SequenceNode) and tag == "tag:yaml.org,2002:seq":
            value = self._done[node] = CfgList()
            for item_node in node.value:
                item = self.build(item_node, depth + 1)
                value.append(item, Origin(self._parsed, item_node))
        elif isinstance(node, yaml.SequenceNode) and tag.endswith("python/tuple"):
            value = self._done[node] = CfgTuple.make(
                [self.build(item, depth + 1) for item in node.value],
                [Origin(self._parsed, item) for item in node.value],
            )
        elif tag.startswith("tag:yaml.org,2002:python/") or tag.startswith("!"):
            value = Unknown(
                f"the YAML tag {tag.rpartition(':')[2]} runs Python code",
                self._parsed.where(node),
            )
        elif isinstance(node, yaml.ScalarNode) and tag not in _COLLECTIONS:
            value = self._scalar(node)
        else:
            value = self._constructor.construct_document(node)
        return value

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if self._parsed.is_json:
            written = self._parsed.text[node.start_mark.index : node.end_mark.index]
            value = json.loads(written)
        else:
            value = self._constructor.scalar(node)
        if self._parsed.has_base_variables and isinstance(value, str):
            # Also inside a longer string, where `fill_base_variables` finds that nothing is put.
            return _TOKEN_PATTERN.sub(lambda token: base_variable_token(token[1]), value)
        return value
