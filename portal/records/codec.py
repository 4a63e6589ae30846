"""Frozen dataclasses to JSON-ready dicts and back; how to convert a class is worked out once."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Convert = Callable[[Any], Any]

_PLAIN = (str, int, float, bool, types.NoneType, Any)


@dataclass(frozen=True, slots=True)
class _Way:
    """Say how values of one type go in and out; None stands for unchanged."""

    out: Convert | None = None
    back: Convert | None = None


_SAME = _Way()


def dump(value: Any) -> dict[str, Any]:
    """Return the JSON-ready dict of a dataclass.

    Raise TypeError for a field type the codec does not know, ValueError for a time without a zone.
    """
    body = {}
    for name, out, _ in _plan(type(value)):
        item = getattr(value, name)
        body[name] = item if item is None or out is None else out(item)
    return body


def load(cls: type[T], body: Mapping[str, Any]) -> T:
    """Return the `cls` kept in `body`; fields it lacks take their default, those `cls` lacks are left out.

    Raise TypeError when a field without default is missing, ValueError for a value of no such type.
    """
    return _loader(cls)(body)


@cache
def _loader(cls: type[T]) -> Callable[[Mapping[str, Any]], T]:
    """Return what makes a `cls` of a body; a body that has every field is taken apart in one go."""
    plan = _plan(cls)
    values_of = itemgetter(*(name for name, _, _ in plan)) if len(plan) > 1 else None
    converted = tuple((place, back) for place, (_, _, back) in enumerate(plan) if back is not None)

    def loader(body: Mapping[str, Any]) -> T:
        try:
            values = list(values_of(body))  # type: ignore[misc]
        except (KeyError, TypeError):
            return _load_by_name(cls, body)
        for place, back in converted:
            item = values[place]
            if item is not None:
                values[place] = back(item)
        return cls(*values)

    return loader


def _load_by_name(cls: type[T], body: Mapping[str, Any]) -> T:
    backs = ((name, back) for name, _, back in _plan(cls) if name in body)
    return cls(**{name: _back(back, body[name]) for name, back in backs})


def _back(back: Convert | None, item: Any) -> Any:
    return item if item is None or back is None else back(item)


@cache
def _plan(cls: type) -> tuple[tuple[str, Convert | None, Convert | None], ...]:
    if not is_dataclass(cls):
        raise TypeError(f"{cls.__name__} is no dataclass")
    hints = get_type_hints(cls)
    return tuple(_line(cls, field, hints[field.name]) for field in fields(cls) if field.init)


def _line(cls: type, field: Field[Any], hint: Any) -> tuple[str, Convert | None, Convert | None]:
    way = _way(hint)
    if way is None:
        raise TypeError(f"{cls.__name__}.{field.name}: a record cannot keep {hint}")
    return field.name, way.out, way.back


def _way(hint: Any) -> _Way | None:
    """Return how values of type `hint` are kept, or None when they cannot be."""
    hint = getattr(hint, "__supertype__", hint)  # NewType
    if hint in _PLAIN or get_origin(hint) is Literal:
        return _SAME
    if get_origin(hint) in (Union, types.UnionType):
        return _union(get_args(hint))
    if isinstance(hint, type) and not get_args(hint):
        return _single(hint)
    return _collection(get_origin(hint), get_args(hint))


def _union(members: tuple[Any, ...]) -> _Way | None:
    others = [member for member in members if member is not types.NoneType]
    if len(others) == 1:
        return _way(others[0])
    return _SAME if all(member in _PLAIN for member in others) else None


def _single(cls: type) -> _Way | None:
    if issubclass(cls, Enum):
        return _Way(lambda member: member.value, cls)
    if is_dataclass(cls):
        # Looked up when needed: a class may have itself below it.
        return _Way(dump, lambda body: _loader(cls)(body))
    return _Way(*_TIMES[cls]) if cls in _TIMES else None


def _collection(origin: Any, arguments: tuple[Any, ...]) -> _Way | None:
    if origin is tuple and arguments[1:] == (...,):
        return _each(arguments[0], list, tuple)
    if origin is frozenset:
        return _each(arguments[0], sorted, frozenset)
    if origin in (Mapping, dict):
        return _mapping(*arguments)
    return None


def _each(hint: Any, outer: Convert, inner: Convert) -> _Way | None:
    way = _optional(hint)
    if way is None or way == _SAME:
        return way and _Way(outer, inner)
    out, back = way.out or _same, way.back or _same
    return _Way(lambda items: outer(map(out, items)), lambda items: inner(map(back, items)))


def _mapping(key: Any, hint: Any) -> _Way | None:
    names, way = _way(key), _optional(hint)
    if way is None or names is None or not (isinstance(key, type) and issubclass(key, str)):
        return None
    if (names, way) == (_SAME, _SAME):
        return _Way(dict, dict)
    name_out, out, name_back, back = (f or _same for f in (names.out, way.out, names.back, way.back))
    return _Way(
        lambda items: {name_out(name): out(item) for name, item in items.items()},
        lambda items: {name_back(name): back(item) for name, item in items.items()},
    )


def _optional(hint: Any) -> _Way | None:
    """Return the way of items that may be None, which `dump` and `load` see to for fields."""
    way = _way(hint)
    if way is None or way == _SAME or types.NoneType not in get_args(hint):
        return way
    return _Way(_unless_none(way.out), _unless_none(way.back))


def _unless_none(convert: Convert | None) -> Convert | None:
    return convert and (lambda item: None if item is None else convert(item))


def _same(item: Any) -> Any:
    return item


def _time_out(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a time is kept with its zone, {moment.isoformat()} has none")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _time_back(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_TIMES: dict[type, tuple[Convert, Convert]] = {
    date: (date.isoformat, date.fromisoformat),
    datetime: (_time_out, _time_back),
}
