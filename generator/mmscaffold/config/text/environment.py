"""Variables of the environment in the text of a config: ``{{$NAME:default}}``.

mmengine (``Config._substitute_env_variables``) looks for each of them by its default, which it
takes for a regular expression, and puts in its value as a template: a placeholder with ``[`` in
its default may stay as it is, and a backslash in a value is an escape.
"""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from collections.abc import Callable

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import Source
from mmscaffold.lazy import lazy_pattern

Pass = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
"""What is looked for in a text, and what is put in its place."""

# mmengine's pattern is `\{\{['"]?\s*\$(\w+)\s*:\s*(\S*?)\s*['"]?\}\}`. This one finds the same; a
# lookahead with a back reference takes all blanks and gives none back, so that it ends soon.
_PLACEHOLDER = lazy_pattern(r"\{\{['\"]?\s*\$(?=(\w+))\1\s*:(?=(\s*))\2(\S{0,4096}?)\s*['\"]?\}\}")
_NAME = lazy_pattern(r"\$(\w+)")
_SPECIAL = lazy_pattern(r"[][\\(){}*+?^$|]")
_REPEATED = lazy_pattern(r"(?s)(.?)[*+?{]")
# Of a text in which the regular expressions of a config are looked for.
_MOST_CHARACTERS = 50_000
_MOST_PATTERNS = 20
_BLANKS = lazy_pattern(r"\s{100}")


def environment_passes(text: str, source: Source) -> list[Pass]:
    """The passes over a text that put in the variables of the environment.

    Args:
        text: The text of a config.
        source: Its file, for messages.

    Raises:
        ConfigError: If one has neither a value nor a default, or if mmengine refuses it.
    """
    every = [(match[1], match[3]) for match in _PLACEHOLDER.finditer(text)]
    found = list(dict.fromkeys(every))
    values = [_value(name, default, source) for name, default in found]
    if all(map(_is_plain, values)) and _all_literal(text, Counter(every)):
        # So it is nearly always: each is found where it stands, and nowhere else.
        known = dict(zip(found, values, strict=True))
        return [(_PLACEHOLDER, lambda match: known[match[1], match[3]])] if known else []
    is_long = len(text) > _MOST_CHARACTERS or _BLANKS.search(text)
    if is_long or len(found) > _MOST_PATTERNS or not all(_is_bounded(one) for _, one in found):
        raise ConfigError(
            "has {{$NAME:default}} with a default that mmengine takes for a regular expression, "
            "and that is too much to look for",
            where=str(source.path),
            hint=_HINT,
        )
    pairs = zip(found, values, strict=True)
    return [_looked_for(name, default, value, source) for (name, default), value in pairs]


_HINT = "Write a default of letters, digits and any of / . , : = - _ only."


def _value(name: str, default: str, source: Source) -> str:
    value = os.environ.get(name, default)
    if not value:
        raise ConfigError(
            f"environment variable {name} is not set and has no default",
            where=str(source.path),
            hint=f"Set {name}, or give a default: {{{{${name}:default}}}}.",
        )
    return value


def _is_plain(value: str) -> bool:
    """Whether a value is put in as it is, and nothing is looked for in it afterwards."""
    return "\\" not in value and "{{" not in value


def _all_literal(text: str, found: Counter[tuple[str, str]]) -> bool:
    """Whether every default, as a regular expression, finds its own placeholder and no other."""
    if any(_SPECIAL.search(default) for _, default in found):
        return False
    dotted = [pair for pair in found if "." in pair[1]]
    if not dotted:
        return True
    # A dot finds any character: in another default of the same variable, too.
    named = Counter(match.group(1) for match in _NAME.finditer(text))
    return all(named[name] == found[name, default] for name, default in dotted)


def _is_bounded(default: str) -> bool:
    """Whether a default is soon looked for: it repeats one plain character at most."""
    repeated: list[str] = _REPEATED.findall(default)
    return not repeated or (len(repeated) == 1 and (repeated[0].isalnum() or repeated[0] in "/-_"))


def _looked_for(name: str, default: str, value: str, source: Source) -> Pass:
    """The pass that mmengine makes for one placeholder."""
    try:
        with warnings.catch_warnings():
            # Of sets that look nested.
            warnings.simplefilter("ignore")
            blanks = rf"\s*{default}\s*" if default else r"\s*"
            pattern = re.compile(rf"\{{\{{['\"]?\s*\${name}\s*:{blanks}['\"]?\}}\}}")
        # Python reads the template of a replacement whether or not anything is found.
        pattern.sub(value, "")
    except (re.error, LookupError, OverflowError) as error:
        raise ConfigError(
            f"mmengine takes the default of {{{{${name}:{default}}}}} for a regular expression, "
            f"and its value for the template of one, and fails: {getattr(error, 'msg', error)}",
            where=str(source.path),
            hint=_HINT if value == default else f"Set {name} to something without a backslash.",
        ) from None
    if "\\" not in value:
        return pattern, lambda _: value
    return pattern, lambda match: match.expand(value)
