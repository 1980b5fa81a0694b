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
from mmscaffold.config.evaluate.budget import check_size
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.text.placeholders import base_variable_token, substitute
from mmscaffold.config.text.source import ParsedFile, Source, Span

# Neither format may hold the control characters that mark base variables elsewhere.
_TOKEN = "\ue000{}\ue001"
_TOKEN_PATTERN = re.compile("\ue000([\\w.]+)\ue001")
_MAX_DEPTH = 200


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
        start, end = node.start_mark.index, node.end_mark.index
        block = isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}
        if block or isinstance(node, yaml.CollectionNode):
            # A block ends for PyYAML where the next token begins.
            end = start + len(self.text[start:end].rstrip())
        return self._in_file(self._byte_of(start), self._byte_of(end))

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
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
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


def data_values(parsed: ParsedData) -> CfgDict:
    """The values of a YAML or JSON config, as mmengine would load them.

    Raises:
        ConfigError: If a value has no meaning in its format, or contains itself.
    """
    builder = _Builder(parsed)
    try:
        result = builder.build(parsed.root, 0)
        check_size(result, str(parsed.path))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise ConfigError(f"could not be read: {error}", where=str(parsed.path)) from None
    if not all(isinstance(key, str) for key in result):
        raise ConfigError("has a key that is not a string", where=str(parsed.path))
    values: CfgDict = result
    return values


class _Builder:
    """Makes values of nodes; two aliases of one node share one value."""

    def __init__(self, parsed: ParsedData) -> None:
        self._parsed = parsed
        self._constructor = yaml.constructor.SafeConstructor()
        self._done: dict[yaml.Node, Any] = {}

    def build(self, node: yaml.Node, depth: int) -> Any:
        if depth > _MAX_DEPTH:
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
        elif isinstance(node, yaml.ScalarNode):
            value = self._scalar(node)
        else:
            value = self._constructor.construct_document(node)
        return value

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if self._parsed.is_json:
            written = self._parsed.text[node.start_mark.index : node.end_mark.index]
            value = json.loads(written)
        else:
            value = self._constructor.construct_object(node)
        if isinstance(value, str) and (match := _TOKEN_PATTERN.fullmatch(value)):
            return base_variable_token(match.group(1))
        return value
