"""Lines for people, JSON for programs, and an end whatever hangs."""

from __future__ import annotations

import json
import socket

from tests.doctor.examined import doctor


def test_people_read_a_line_per_finding_its_fix_and_a_sum() -> None:
    done = doctor(variables={"MCP_TOOLSETS": "all", "API_BASE_URL": "http://127.0.0.1:9"})
    lines = done.stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("FAIL  gauzy "))
    assert lines[place + 1].startswith("      fix ")
    assert any(line.startswith("WARN  catalogue ") for line in lines)
    assert lines[-1].endswith("1 to mend.")
    assert done.returncode == 1


def test_a_check_that_hangs_is_told_and_the_others_go_on() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        variables = {"REDIS_URL": f"redis://127.0.0.1:{silent.getsockname()[1]}"}
        done = doctor("--json", "--timeout", "2.5", variables=variables)
    found = {one["check"]: one for one in json.loads(done.stdout)["findings"]}
    assert "within 2.5 seconds" in found["redis"]["told"]
    assert found["login"]["status"] == "PASS"
    assert done.returncode == 1


def test_an_environment_that_is_not_usable_leaves_the_other_checks_open() -> None:
    found = json.loads(doctor("--json", variables={"MCP_HTTP_PORT": "70000"}).stdout)["findings"]
    assert {one["check"] for one in found if one["status"] == "FAIL"} == {"environment"}
    assert all("mend the environment" in one["fix"] for one in found if one["status"] == "WARN")


def test_a_wrong_argument_names_what_is_allowed() -> None:
    done = doctor("--timeout", "soon")
    assert done.returncode == 2
    assert "--timeout" in done.stderr and "number of seconds" in done.stderr
