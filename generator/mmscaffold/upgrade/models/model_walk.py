"""A model of 2.x, part by part, with what a table says of each class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import Key
from mmscaffold.upgrade.ledger import Ledger
from mmscaffold.upgrade.models.known_parts import Known, KnownParts
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.tables.mmdet_models import Gathered, ModelRow


@dataclass(frozen=True)
class Facts:
    """What a package says of the parts of its models.

    Attributes:
        rows: What changed of a class, by its name in 2.x without a scope.
        name: The name of a class in 3.x, which is mostly the same.
        judge: Notes on a part: its old dict, the new one, the name in 3.x, and which of its keys
            are none of this walk.
        settle: Says what becomes of keys for which a row is too little; it is asked first, with
            the old dict, the new one, and whether they are settings of training or test.
        old_names: Keys with their later names, in the settings of training and test.
    """

    rows: Mapping[str, ModelRow]
    name: Callable[[str], str]
    judge: Callable[[Part, New, str, frozenset[Key]], Iterator[Note]]
    settle: Callable[[Part, New, bool], Iterator[Note]]
    old_names: Mapping[str, str]


class ModelWalk:
    """Moves all of a model of which no rule has said anything yet.

    Args:
        facts: What the package says.
        known: What became of the parts of other configs.
        ledger: Where the values of this one are accounted for.
    """

    def __init__(self, facts: Facts, known: KnownParts, ledger: Ledger) -> None:
        self._facts = facts
        self._known = known
        self._ledger = ledger

    def move(self, part: Part, new: New) -> Iterator[Note]:
        """Move the rest of one dict, and of all in it.

        Args:
            part: The old dict.
            new: What it becomes; rules of families may have put keys there.
        """
        old_type = part.get("type")
        row = self._row(old_type)
        name = self._name(old_type, row)
        is_setting = _is_setting(part)
        yield from self._facts.settle(part, new, is_setting)
        settled = part.settled()
        for key, value in part.values.items():
            if key in settled:
                continue
            if key == "type" and name is not None and name != old_type:
                part.take(key)
                new.values.put(key, name, origin_of(part.values, key))
            elif row.gathered is not None and key in row.gathered.parts:
                continue
            elif isinstance(key, str) and key in row.lost:
                part.drop(key, row.lost[key])
            elif isinstance(key, str) and key in row.refused:
                yield self._refused(part, new, key, row.refused[key])
            else:
                after = self._renamed(part, key, row, is_setting=is_setting)
                if isinstance(value, CfgDict | CfgList | CfgTuple):
                    yield from self._shared(part, key, new, after)
                else:
                    part.move(key, new, after)
        if row.gathered is not None:
            yield from self._gather(part, new, row.gathered)
        _in_old_order(part, new, row)
        if name is not None and "type" in new:
            yield from self._facts.judge(part, new, name, settled)

    def _row(self, old_type: Any) -> ModelRow:
        if not isinstance(old_type, str):
            return _NO_ROW
        return self._facts.rows.get(old_type.rpartition(".")[2], _NO_ROW)

    def _name(self, old_type: Any, row: ModelRow) -> str | None:
        if not isinstance(old_type, str):
            return None
        return row.type or self._facts.name(old_type)

    def _renamed(self, part: Part, key: Key, row: ModelRow, *, is_setting: bool) -> Key:
        if not isinstance(key, str):
            return key
        name = row.renamed.get(key)
        if name is None and is_setting:
            name = self._facts.old_names.get(key)
        if name is None and key == "iou_thr" and part.path[-1:] == ("nms",):
            name = "iou_threshold"
        return key if name is None or name in part else name

    def _refused(self, part: Part, new: New, key: Key, why: str) -> Note:
        value = part.leave_to_note(key)
        return Note(
            "UP210",
            f"{part.get('type')} takes no {key}: {why}",
            (*new.path, "type"),
            (*part.path, key),
            f"It was {value!r}.",
        )

    def _shared(self, part: Part, key: Key, new: New, name: Key) -> Iterator[Note]:
        """Move a container, unless an earlier config had the very same one at this place."""
        old, path, place = part.get(key), (*part.path, key), (*new.path, name)
        if name in new or not self._known.may_keep(old, path, self._ledger):
            yield from self._container(part, key, new, name)
            return
        found = self._known.find(old, path, place, self._ledger)
        if found is None:
            before = len(self._ledger.entries)
            notes = tuple(self._container(part, key, new, name))
            entries = tuple(self._ledger.entries[before:])
            found = Known(old, new.get(name), entries, notes)
            self._known.keep(found, path, place, self._ledger.rule)
        elif found.made is not None:
            new.values.put(name, found.made, origin_of(part.values, key))
        yield from found.notes

    def _container(self, part: Part, key: Key, new: New, name: Key) -> Iterator[Note]:
        value = part.get(key)
        if isinstance(value, CfgDict) and value:
            below = new.child(name) if name in new else New(CfgDict(), (*new.path, name))
            inner = part.part(key)
            assert inner is not None
            yield from self.move(inner, below)
            if below.values:
                new.values.put(name, below.values, origin_of(part.values, key))
        elif isinstance(value, CfgList | CfgTuple) and any(
            isinstance(item, CfgDict) for item in value
        ):
            yield from self._list(part, key, new, name)
        else:
            part.move(key, new, name)

    def _list(self, part: Part, key: Key, new: New, name: Key) -> Iterator[Note]:
        value = part.get(key)
        items: list[Any] = []
        for index, item in enumerate(part.elements(key)):
            if not isinstance(item, Part):
                items.append(item)
                continue
            below = New(CfgDict(), (*new.path, name, index))
            yield from self.move(item, below)
            items.append(below.values)
        if not any(items):
            # Rules of families made something else of all of them.
            return
        origins = [origin_of(value, index) for index in range(len(items))]
        made = (
            CfgTuple.make(items, origins)
            if isinstance(value, CfgTuple)
            else CfgList(items, origins)
        )
        new.values.put(name, made, origin_of(part.values, key))

    def _gather(self, part: Part, new: New, gathered: Gathered) -> Iterator[Note]:
        if gathered.name in part or not part.get("type"):
            return
        made = CfgList()
        path = (*new.path, gathered.name)
        for key, default in gathered.parts.items():
            value = part.get(key)
            below = New(CfgDict(), (*path, len(made)))
            inner = part.part(key)
            if inner is not None and value:
                yield from self.move(inner, below)
                made.append(below.values, origin_of(part.values, key))
            elif isinstance(value, Unknown):
                part.take(key)
                made.append(value, origin_of(part.values, key))
            else:
                part.take(key)
                made.append(CfgDict(default))
        new.put(gathered.name, made)


_NO_ROW = ModelRow()
_SETTINGS = frozenset({"train_cfg", "test_cfg"})


def _is_setting(part: Part) -> bool:
    """Whether a dict lies in the settings of a model, or of one before mmdet 2.8 beside it."""
    return not _SETTINGS.isdisjoint(part.path[:2])


def _in_old_order(part: Part, new: New, row: ModelRow) -> None:
    """Give the new dict the order of the old one; what is new comes last."""
    wanted = [row.renamed.get(key, key) if isinstance(key, str) else key for key in part]
    ordered = [key for key in wanted if key in new]
    known = set(wanted)
    ordered += [key for key in new.values if key not in known]
    if ordered == list(new.values):
        return
    kept = [(key, new.values[key], origin_of(new.values, key)) for key in ordered]
    new.values.clear()
    for key, value, origin in kept:
        new.values.put(key, value, origin)
