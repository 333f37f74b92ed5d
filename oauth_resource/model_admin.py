"""Base classes of the admin's pages: what a list may be filtered by, and pages that change nothing by hand.

Django lets the address of a list filter by any field of its model, shown or not, and by regular expressions. Whoever
may see a list could read the digest of a secret from it, one character after the other, or stop the process with a
pattern that never ends.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib.admin.filters import EmptyFieldListFilter, SimpleListFilter
from django.contrib.admin.utils import flatten, flatten_fieldsets, get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest
from unfold.admin import ModelAdmin

SAFE_LOOKUPS: Final = frozenset(
    {"exact", "in", "isnull", "gt", "gte", "lt", "lte", "startswith", "istartswith", "contains", "icontains"}
)
"""Lookups whose work is bounded by the size of the table. ``regex`` and ``iregex`` are not among them."""

_OF_RELATIONS: Final = frozenset({"exact", "in", "isnull"})
_OF_JSON: Final = SAFE_LOOKUPS - {"contains"}
"""SQLite has no ``contains`` for JSON."""

_OF_DATE_HIERARCHY: Final = frozenset({"year", "month", "day", "gte", "lt"})
_MOST_KEYS: Final = 5
"""Steps into a JSON value: each is another level of the query."""


class RestrictedLookups:
    """For every ModelAdmin: an address filters by listed filters and by shown fields of the model, with safe lookups.

    Any other lookup is answered 400. A field that a page shows to some people only can be filtered by those only.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        if request is None or not any(safe(rest) for rest, safe in self._candidates(lookup, request)):
            return False
        return bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]

    def shown_fields(self, request: HttpRequest) -> set[str]:
        """The model's own fields that the list or the page of a row show to whoever sends ``request``."""
        page = flatten_fieldsets(self.get_fieldsets(request))  # type: ignore[attr-defined]
        columns = self.get_list_display(request)  # type: ignore[attr-defined]
        names = {self._field_of(name) for name in flatten([*page, *columns])}
        return {name for name in names if name and _is_own(self.model, name)}  # type: ignore[attr-defined]

    def _candidates(self, lookup: str, request: HttpRequest) -> Iterator[tuple[list[str], Callable[[list[str]], bool]]]:
        """What is left of ``lookup`` behind each field that it may begin with, and which rests are safe there."""
        for name, safe in self._filters(request):
            if lookup == name or lookup.startswith(name + LOOKUP_SEP):
                yield lookup.removeprefix(name).split(LOOKUP_SEP)[1:], safe

    def _filters(self, request: HttpRequest) -> Iterator[tuple[str, Callable[[list[str]], bool]]]:
        for item in self.get_list_filter(request):  # type: ignore[attr-defined]
            if isinstance(item, type) and issubclass(item, SimpleListFilter):
                yield str(item.parameter_name), lambda rest: not rest
                continue
            name, kind = item if isinstance(item, list | tuple) else (item, None)
            yield name, functools.partial(_fits, self._field(name))
            if kind is EmptyFieldListFilter:
                yield name, lambda rest: rest == ["isempty"]
        if hierarchy := self.date_hierarchy:  # type: ignore[attr-defined]
            yield hierarchy, lambda rest: len(rest) == 1 and rest[0] in _OF_DATE_HIERARCHY
        for name in self.shown_fields(request):
            yield name, functools.partial(_fits, self._field(name))

    def _field(self, path: str) -> Any:
        return get_fields_from_path(self.model, path)[-1]  # type: ignore[attr-defined]

    def _field_of(self, name: Any) -> str:
        """The field that a name of a page stands for: itself, or what a method of this page orders by."""
        method = name if callable(name) else getattr(self, name, None)
        return str(getattr(method, "admin_order_field", "") if callable(method) else name)


class ReadOnlyModelAdmin(RestrictedLookups, ModelAdmin):  # type: ignore[misc]
    """Nothing is added, changed or deleted by hand: requests make the rows, and actions of the page end them."""

    list_per_page = 50
    list_fullwidth = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _is_own(model: type[models.Model], name: str) -> bool:
    """Whether the model has a column of that name, or many-to-many rows."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return isinstance(field, models.Field)


def _fits(field: Any, rest: list[str]) -> bool:
    """Whether the ``rest`` of a lookup is safe behind ``field``."""
    if field.is_relation:
        target = field.related_model._meta.pk.name
        return not rest or rest in ([one] for one in _OF_RELATIONS) or rest in ([target], [target, "exact"])
    if isinstance(field, models.JSONField):
        last = rest[-1] if rest else ""
        return len(rest) <= _MOST_KEYS and (last in _OF_JSON or last not in _comparisons_of_json())
    return not rest or (len(rest) == 1 and rest[0] in SAFE_LOOKUPS)


@functools.cache
def _comparisons_of_json() -> frozenset[str]:
    """Names that are a comparison and not a key where a lookup ends."""
    return frozenset({*models.JSONField().get_lookups(), *KeyTransform.get_lookups()})  # type: ignore[call-arg]
