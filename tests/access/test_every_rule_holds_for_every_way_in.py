"""The matrix. A cell that cannot be says why; a new way or a new rule has no cell that is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.places import Places
from tests.access.rules import RULES, Rule
from tests.access.ways import WAYS, Way

CELLS = [(rule, way) for rule in RULES for way in WAYS if way.name not in rule.excused]


@pytest.fixture(scope="session")
def places() -> Iterator[Places]:
    opened = Places()
    yield opened
    opened.close()


@pytest.mark.parametrize(("rule", "way"), CELLS, ids=[f"{rule.name} × {way.name}" for rule, way in CELLS])
def test_the_rule_holds(places: Places, rule: Rule, way: Way) -> None:
    rule.check(places, way)


def test_what_is_not_tried_is_a_way_in_and_says_why() -> None:
    known = {way.name for way in WAYS}
    for rule in RULES:
        assert rule.excused.keys() <= known, rule.name
        assert all(why.startswith("n/a: ") for why in rule.excused.values()), rule.name
