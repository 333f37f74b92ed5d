"""Prints the matrix as Markdown: ``python -m tests.access``. What is not excused is tried by the tests beside this."""

from __future__ import annotations

from tests.access.rules import RULES
from tests.access.ways import WAYS

if __name__ == "__main__":
    reasons = list(dict.fromkeys(why for rule in RULES for why in rule.excused.values()))
    print("| way in | " + " | ".join(rule.name for rule in RULES) + " |")
    print("|---" * (len(RULES) + 1) + "|")
    for way in WAYS:
        cells = [str(reasons.index(rule.excused[way.name]) + 1) if way.name in rule.excused else "✓" for rule in RULES]
        print(f"| {way.name} | " + " | ".join(cells) + " |")
    print()
    for number, reason in enumerate(reasons, 1):
        print(f"{number}. {reason.removeprefix('n/a: ')}")
