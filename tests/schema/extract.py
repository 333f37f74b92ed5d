"""Writes the published JSON Schemas of the revisions beside this file: ``python -m tests.schema.extract``.

The conformance suite carries each revision's ``schema.json`` inside its bundle, as JavaScript object literals; they are
taken from there without their descriptions. Revision 2024-11-05 is not among them.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.conformance.suite import Suite

HERE: Final = Path(__file__).resolve().parent
NEWEST: Final = "2026-07-28"
_TABLE: Final = re.compile(r'const \w+=\{"2025-03-26":(\w+),"2025-06-18":(\w+),"2025-11-25":(\w+),\[\w+\]:(\w+)\};')
_OLDER: Final = ("2025-03-26", "2025-06-18", "2025-11-25")


def schemas(suite: Suite) -> dict[str, Any]:
    """The schemas by revision. Raises ValueError when the bundle is built differently from the one known here."""
    bundle = suite.script.read_text()
    table = _TABLE.search(bundle)
    if table is None:
        raise ValueError(f"{suite.script} has no table of schemas by revision; another version of the suite?")
    begins = bundle.index(f"{table[1]}={{$schema:")
    names = zip((*_OLDER, NEWEST), table.groups(), strict=True)
    named = ",".join(f"{json.dumps(revision)}:{name}" for revision, name in names)
    script = f"let {bundle[begins : table.start()]}\nconsole.log(JSON.stringify({{{named}}}))"
    done = subprocess.run([suite.node, "-"], input=script, capture_output=True, text=True, check=True)
    return {revision: without_descriptions(schema) for revision, schema in json.loads(done.stdout).items()}


def without_descriptions(schema: Any) -> Any:
    """A copy without the texts; a property that is itself called ``description`` is a schema and stays."""
    if isinstance(schema, list):
        return [without_descriptions(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: without_descriptions(part)
        for name, part in schema.items()
        if not (name == "description" and isinstance(part, str))
    }


def main() -> None:
    for revision, schema in schemas(Suite()).items():
        compact = json.dumps(schema, separators=(",", ":"), sort_keys=True)
        (HERE / f"{revision}.json").write_text(compact + "\n")


if __name__ == "__main__":
    main()
