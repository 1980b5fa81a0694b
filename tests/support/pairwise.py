"""Few combinations of many answers, in which every pair of answers occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

Row = dict[str, Any]
_Pair = tuple[tuple[str, int], tuple[str, int]]


def pairwise(
    factors: Mapping[str, Sequence[Any]], allowed: Callable[[Row], bool]
) -> tuple[list[Row], list[Row]]:
    """Choose rows greedily until every possible pair of answers is in one.

    Args:
        factors: The answers of each question.
        allowed: Whether some answers, not always all, may stand together.

    Returns:
        The rows, and the pairs that no row may hold.
    """
    names = list(factors)
    open_pairs: dict[_Pair, None] = {}
    impossible = []
    for first, second in combinations(names, 2):
        for i, left in enumerate(factors[first]):
            for j, right in enumerate(factors[second]):
                if allowed({first: left, second: right}):
                    open_pairs[(first, i), (second, j)] = None
                else:
                    impossible.append({first: left, second: right})
    rows = []
    given: Counter[tuple[str, int]] = Counter()
    while open_pairs:
        row: dict[str, int] = {}
        for (first, i), (second, j) in open_pairs:
            trial = {**row, first: i, second: j}
            clash = row.get(first, i) != i or row.get(second, j) != j
            if not clash and allowed({name: factors[name][n] for name, n in trial.items()}):
                row = trial
        for name in names:
            # What is open may as well be an answer that was seldom given.
            for n in sorted(range(len(factors[name])), key=lambda n: given[name, n]):
                trial = {**row, name: row.get(name, n)}
                if allowed({key: factors[key][m] for key, m in trial.items()}):
                    row = trial
                    break
        covered = [pair for pair in open_pairs if all(row[name] == n for name, n in pair)]
        if not covered:
            # Only a third answer forbids this pair; no row can hold it.
            pair = next(iter(open_pairs))
            impossible.append({name: factors[name][n] for name, n in pair})
            del open_pairs[pair]
            continue
        for pair in covered:
            del open_pairs[pair]
        given.update(row.items())
        rows.append({name: factors[name][n] for name, n in row.items()})
    return rows, impossible
