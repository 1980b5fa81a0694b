"""``match``: its patterns over known values, and the names that they bind."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.evaluate.asking import is_of
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.config.evaluate.evaluation import Evaluation
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.iterators import CfgIterator
from mmscaffold.config.evaluate.values import LazyName, NotEvaluatedError, Unknown


def match(run: Evaluation, statement: ast.Match) -> None:
    """Run the first case that fits; where that is not known, forget what any may change."""
    subject = run.evaluate(statement.subject)
    for case in statement.cases:
        bound: list[tuple[str, Any]] = []
        try:
            fits = _fits(run, case.pattern, subject, bound)
        except NotEvaluatedError as error:
            run.give_up_on(statement, str(error))
            return
        if not fits:
            continue
        for name, value in bound:
            run.bind(name, value, None)
        test = run.evaluate(case.guard) if case.guard else True
        if isinstance(test, Unknown):
            run.give_up_on(statement, "", test)
            return
        if test:
            run.run(case.body)
            return


def _fits(run: Evaluation, pattern: ast.pattern, value: Any, bound: list[tuple[str, Any]]) -> bool:
    if isinstance(pattern, ast.MatchAs):
        fits = pattern.pattern is None or _fits(run, pattern.pattern, value, bound)
        if fits and pattern.name:
            bound.append((pattern.name, value))
        return fits
    if isinstance(pattern, ast.MatchStar):
        if pattern.name:
            bound.append((pattern.name, value))
        return True
    if isinstance(pattern, ast.MatchOr):
        return any(_fits(run, one, value, bound) for one in pattern.patterns)
    if isinstance(pattern, ast.MatchSingleton):
        if isinstance(value, Unknown):
            raise NotEvaluatedError(value.reason)
        return value is pattern.value
    if isinstance(pattern, ast.MatchValue):
        wanted = run.evaluate(pattern.value)
        unknown = run.find_unknown(value) or run.find_unknown(wanted)
        if unknown:
            raise NotEvaluatedError(unknown.reason)
        return bool(value == wanted)
    if isinstance(value, Unknown):
        raise NotEvaluatedError(value.reason)
    if isinstance(pattern, ast.MatchSequence):
        is_sequence = isinstance(value, list | tuple | range)
        return is_sequence and _fits_all(run, pattern.patterns, value, bound)
    if isinstance(pattern, ast.MatchMapping):
        return isinstance(value, CfgDict) and _fits_keys(run, pattern, value, bound)
    if isinstance(pattern, ast.MatchClass) and not pattern.kwd_patterns:
        return _fits_class(run, pattern, value, bound)
    raise NotEvaluatedError("this pattern is not evaluated")


def _fits_class(
    run: Evaluation, pattern: ast.MatchClass, value: Any, bound: list[tuple[str, Any]]
) -> bool:
    """``int()``, ``dict(x)``: the types of Python, whose one argument is the value itself."""
    kind = run.evaluate(pattern.cls)
    if isinstance(kind, Unknown) or isinstance(value, CfgIterator | LazyName):
        raise NotEvaluatedError("whether this is of a type is not known")
    if not is_of(value, kind):
        return False
    if len(pattern.patterns) > 1:
        raise TypeError(f"{kind.name}() accepts 1 positional sub-pattern")
    return all(_fits(run, one, value, bound) for one in pattern.patterns)


def _fits_all(
    run: Evaluation,
    patterns: list[ast.pattern],
    value: list[Any] | tuple[Any, ...] | range,
    bound: list[tuple[str, Any]],
) -> bool:
    stars = [i for i, pattern in enumerate(patterns) if isinstance(pattern, ast.MatchStar)]
    run.budget.charge_elements(len(value))
    if not stars:
        return len(value) == len(patterns) and all(
            _fits(run, pattern, item, bound) for pattern, item in zip(patterns, value, strict=True)
        )
    before, after = stars[0], len(patterns) - stars[0] - 1
    if len(value) < before + after:
        return False
    stop = len(value) - after
    items = [*value[:before], CfgList(value[before:stop]), *value[stop:]]
    return all(
        _fits(run, pattern, item, bound) for pattern, item in zip(patterns, items, strict=True)
    )


def _fits_keys(
    run: Evaluation, pattern: ast.MatchMapping, value: CfgDict, bound: list[tuple[str, Any]]
) -> bool:
    keys = [run.evaluate(key) for key in pattern.keys]
    if isinstance(value, IncompleteBase) or run.find_unknown(keys):
        raise NotEvaluatedError("which keys there are is not known")
    for key, inner in zip(keys, pattern.patterns, strict=True):
        if key not in value:
            return False
        if not _fits(run, inner, value[key], bound):
            return False
    if pattern.rest:
        rest = CfgDict()
        for key, item in value.items():
            if key not in keys:
                rest.put(key, item, origin_of(value, key))
        bound.append((pattern.rest, rest))
    return True
