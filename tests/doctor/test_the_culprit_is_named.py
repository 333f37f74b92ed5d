"""The doctor names what is wrong, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.examined import examined
from tests.doctor.faults import FAULTS, Fault

EACH = pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])


@EACH
def test_the_one_check_that_is_about_it_says_what_it_is_and_how_to_mend_it(fault: Fault, tmp_path: Path) -> None:
    with fault.plant(tmp_path) as variables:
        report = examined(variables)
    status = "WARN" if fault.warns else "FAIL"
    assert report.checks("FAIL") == (set() if fault.warns else {fault.culprit}), report.findings
    assert fault.culprit in report.checks(status)
    assert report.code == (0 if fault.warns else 1)
    told = report.told(fault.culprit, status)
    assert all(word in told for word in fault.words), told
    assert all(one["fix"] for one in report.findings if one["status"] != "PASS")
    assert "s3cret" not in str(report.findings)
