"""The command line of the doctor."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gauzy_mcp.doctor.finding import Finding, failed
from gauzy_mcp.doctor.packages import packages
from gauzy_mcp.doctor.running import NAMES, run

LONGEST_SECONDS: Final = 20.0


def main(arguments: Sequence[str]) -> int:
    """Prints what was found and answers the exit code: 0 nothing failed, 1 something did, 2 wrong arguments."""
    options = parser().parse_args(arguments)
    # What libraries have to say of the faults that are looked for is said in the findings.
    logging.getLogger().addHandler(logging.NullHandler())
    found = [_masked(finding) for finding in _findings(options.timeout)]
    failures = any(finding.status == "FAIL" for finding in found)
    if options.json:
        print(json.dumps({"ok": not failures, "findings": [dataclasses.asdict(one) for one in found]}, indent=2))
    else:
        print("\n".join(line for finding in found for line in _lines(finding)))
        print(_summary(found))
    return 1 if failures else 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog=f"{Path(sys.argv[0]).name} doctor",
        description=f"Check this installation, and say what to mend. It checks: {', '.join(NAMES)}.",
        epilog="Exit code: 0 when all pass or warn, 1 when any fails.",
    )
    made.add_argument("--json", action="store_true", help="findings as JSON, for programs")
    made.add_argument(
        "--timeout", type=_seconds, default=LONGEST_SECONDS, metavar="SECONDS", help="longest time for one check"
    )
    return made


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 600:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of seconds from 0 to 600, such as 20")
    return seconds


def _findings(seconds: float) -> Iterator[Finding]:
    first = list(packages())
    unusable = _unusable()
    if unusable is None:
        yield from run(seconds, first)
        return
    # Nothing may be told that could not be searched for secrets; what is missing comes first anyway.
    yield from (finding for finding in first if finding.status == "FAIL")
    yield failed("packages", f"a package cannot be loaded: {unusable}", "run make install; nothing else can be checked")


def _unusable() -> str | None:
    """Why secrets cannot be searched for; None where they can."""
    try:
        import mcp_tools.protocol.redaction  # noqa: F401
    except ImportError as error:
        return str(error)
    return None


def _masked(finding: Finding) -> Finding:
    """The last precaution: no check tells a secret."""
    if _unusable() is not None:
        return finding
    from mcp_tools.protocol.redaction import masked

    return dataclasses.replace(finding, told=masked(finding.told), fix=masked(finding.fix))


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.status}  {finding.check:<12}  {finding.told}"
    if finding.fix:
        yield f"{'':<6}{'fix':<12}  {finding.fix}"


def _summary(found: Sequence[Finding]) -> str:
    counts = {status: sum(one.status == status for one in found) for status in ("PASS", "WARN", "FAIL")}
    return f"{counts['PASS']} passed, {counts['WARN']} to look at, {counts['FAIL']} to mend."
