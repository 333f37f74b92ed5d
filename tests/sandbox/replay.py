"""Sends the recorded exchanges to a sandbox, with its ids in place of the recorded ones."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.clocks import WEDNESDAY
from tests.data.shapes import differences, is_error
from tests.sandbox.client import NOBODYS, ORGANIZATION, TENANT, Answer, Caller, signed_in

DATA = Path(__file__).parent.parent / "data" / "gauzy"
CUT = ("...", "…")
PLACEHOLDER = re.compile(r"<([\w:.@-]+)>")
PERSON = f"{demo.TENANT}/demo@gauzy.local"
EMPLOYEE = f"{demo.TENANT}/employee@gauzy.local"
IDS = {
    "tenantId": TENANT,
    "organizationId": ORGANIZATION,
    "userId": ident("user", PERSON),
    "adminUserId": ident("user", PERSON),
    "employeeUserId": ident("user", EMPLOYEE),
    "adminEmployeeId": ident("employee", PERSON),
    "employeeUserEmployeeId": ident("employee", EMPLOYEE),
    "otherTenantId": ident("tenant", demo.OTHER_TENANT),
    "otherUserId": ident("user", f"{demo.OTHER_TENANT}/other@gauzy.local"),
    "employeeRoleId": ident("role", f"{demo.TENANT}/EMPLOYEE"),
    "organizationTeamId": ident("team", "Product"),
    "teamId": ident("team", "Product"),
    "projectId": ident("project", "Apollo"),
    "projectId2": ident("project", "Website Relaunch"),
    "contactId": ident("contact", "Harbor Insurance"),
    "clientId": ident("contact", "Brightside Logistics"),
    "newUserId": ident("user", f"{demo.TENANT}/viewer@gauzy.local"),
    "secondOrganizationId": ident("organization", demo.EMPTY_ORGANIZATION),
    "policyId": ident("TimeOffPolicy", "Vacation"),
    "timeOffId": ident("TimeOffRequest", "2"),
    "timeOffToDeleteId": ident("TimeOffRequest", "3"),
    "approvalId": ident("RequestApproval", "3"),
    "timeOffToCancelId": ident("TimeOffRequest", "5"),
    "movedTimeOffId": ident("TimeOffRequest", "4"),
    "timeLogId0": ident("log", "demo/0/0"),
    "taskId": ident("task", "APO-1"),
    "taskId2": ident("task", "APO-2"),
    "taskId3": ident("task", "APO-3"),
    "otherTaskId": ident("task", "APO-4"),
    "tagId": ident("tag", "research"),
    "pipelineId": ident("Pipeline", "New business"),
    "stageLeadId": ident("PipelineStage", "New business/Lead"),
    "stageOfferId": ident("PipelineStage", "New business/Offer"),
    "dealId": ident("Deal", "Campus app"),
    "clientWithoutDealId": ident("contact", "Summit Travel"),
    "organizationPositionId": ident("OrganizationPosition", "Developer"),
    "candidateId": ident("Candidate", "Aisha Bello"),
    "candidateToHireId": ident("Candidate", "Bruno Keller"),
    "candidateToDeleteId": ident("Candidate", "Finn Larsen"),
    "userOfDeletedId": ident("user", "finn.larsen@mail.example"),
    "goalId": ident("Goal", "Learn to write accessible pages"),
    "keyResultId": ident("KeyResult", "Course finished"),
    "goalToDeleteId": ident("Goal", "A design that everybody can use"),
    "resultOfDeletedId": ident("KeyResult", "Pages tested with a screen reader"),
    "parentGoalId": ident("Goal", "Customers answer faster than before"),
    "childGoalId": ident("Goal", "Give two talks"),
    "keyResultToDeleteId": ident("KeyResult", "Talks given"),
    "myUserId": ident("user", PERSON),
    "myEmployeeId": ident("employee", PERSON),
    "employeeLoginUserId": ident("user", EMPLOYEE),
    "employeeLoginEmployeeId": ident("employee", EMPLOYEE),
    "skillId": ident("Skill", "Kubernetes"),
    "skillToDeleteId": ident("Skill", "Bookkeeping"),
    "commentId": ident("Comment", "0"),
    "commentToDeleteId": ident("Comment", "4"),
    "awardId": ident("EmployeeAward", "Employee of the year/1"),
    "reportId": ident("report", "Time & Activity"),
    "loggedTaskId": ident("task", "APO-2"),
    "warehouseId": ident("Warehouse", "Hamburg Harbour"),
    "laptopId": ident("Equipment", "ThinkPad X1 Carbon"),
    "monitorId": ident("Equipment", "LG Ergo 32"),
    "equipmentToDeleteId": ident("Equipment", "Brother HL-L8260 printer"),
    "productId": ident("Product", "GPS-100"),
    "categoryId": ident("ProductCategory", "Fleet devices"),
    "category2Id": ident("ProductCategory", "Software"),
    "typeId": ident("ProductType", "Goods"),
    "type2Id": ident("ProductType", "Licence"),
    "imageId": ident("ImageAsset", "Parcel scanner"),
    "unknownId": NOBODYS,
    "password": demo.PASSWORD,
}
PEOPLE = {"local.admin@ever.co": "demo@gauzy.local", "employee@ever.co": "employee@gauzy.local"}
BARE = frozenset({"deletedAt", "createdByUserId", "updatedByUserId", "deletedByUserId", "archivedAt"})
"""Columns that the verified answers leave out where they are empty."""


def recorded(folder: str) -> list[dict[str, Any]]:
    entries = [entry for path in sorted((DATA / folder).glob("*.json")) for entry in json.loads(path.read_text())]
    return sorted(entries, key=lambda entry: entry.get("order", 0))


def steps(domain: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "verified" / f"{domain}.json").read_text())
    return found


class Replay:
    """``ids`` says what stands for a placeholder; it grows with what the exchanges make."""

    def __init__(self, sandbox: Sandbox, ids: Mapping[str, str]) -> None:
        self._sandbox = sandbox
        self.ids = dict(ids)
        self._callers: dict[str, Caller] = {}

    async def send(self, exchange: Mapping[str, Any], role: str) -> Answer:
        """The sandbox's answer to a recorded request."""
        caller = await self._caller(role)
        tenants = {name: self.filled(value) for name, value in exchange["headers"].items()}
        headers = {name: value for name, value in caller.headers.items() if name != "Tenant-Id"} | tenants
        path = self.filled(exchange["path"]).removeprefix("/api")
        query = [(name, self._value(name, value)) for name, value in exchange["query"]]
        body = exchange["body"]
        filled = None if body is None else body if isinstance(body, str) else json.loads(self.filled(json.dumps(body)))
        return await caller.ask(exchange["method"], path, query, filled, headers)

    def filled(self, text: str) -> str:
        """``text`` with the sandbox's ids and people, and a day of plans that no seed knows."""
        for theirs, ours in PEOPLE.items():
            text = text.replace(theirs, ours)
        text = re.sub(r"2026-1([12]-\d\d)", r"2031-1\1", text)
        return PLACEHOLDER.sub(lambda found: self.ids.get(found[1], found[0]), text)

    def _value(self, name: str, value: str) -> str:
        if name == "startDate":
            return (WEDNESDAY - datetime.timedelta(days=20)).isoformat()
        if name == "endDate":
            return (WEDNESDAY + datetime.timedelta(days=1)).isoformat()
        return self.filled(value.replace("+", " ") if name == "data" else value)

    async def _caller(self, role: str) -> Caller:
        if role not in self._callers:
            self._callers[role] = await self._make(role)
        return self._callers[role]

    async def _make(self, role: str) -> Caller:
        people = {"ADMIN": "demo@gauzy.local", "EMPLOYEE": "employee@gauzy.local", "OTHER": "other@gauzy.local"}
        if role in people:
            return await signed_in(self._sandbox, people[role])
        headers = {"Authorization": "Bearer no.such.token", "Tenant-Id": TENANT} if role == "STRANGER" else {}
        return Caller(self._sandbox, headers)


def problems(
    exchange: Mapping[str, Any], answer: Answer, replay: Replay, *, unnamed: frozenset[str] = frozenset()
) -> list[str]:
    """How the answer differs from the recorded one."""
    expected = exchange["answer"]
    found = (
        []
        if answer.status == exchange["status"]
        else [f"status {answer.status}, not {exchange['status']}: {answer.raw[:200]!r}"]
    )
    if "type" in exchange and exchange["type"] and answer.type != exchange["type"]:
        found.append(f"content type {answer.type}, not {exchange['type']}")
    if is_error(expected):
        return found + _of_error(json.loads(replay.filled(json.dumps(expected))), answer.body)
    if expected not in ("null", "string"):
        found += differences(expected, answer.body, unnamed=unnamed)
    return found


def _of_error(expected: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, dict):
        return [f"no error object: {value}"]
    found = [
        f"{name} is {value.get(name)!r}, not {expected[name]!r}"
        for name in ("error", "statusCode")
        if name in expected and value.get(name) != expected[name]
    ]
    found += [f"{name} is surplus" for name in value.keys() - expected.keys()]
    wanted, told = expected["message"], value.get("message")
    if isinstance(wanted, str) or isinstance(told, str):
        return found + ([] if _same(wanted, told) else [f"message {told!r}, not {wanted!r}"])
    texts = [text for text in wanted if not re.match(r"(\.\.\.|…) \d+ ", text)]
    cut = len(texts) < len(wanted)
    found += [f"message {text!r} is missing" for text in texts if not any(_same(text, one) for one in told or ())]
    return found + ([] if cut or len(told or ()) == len(wanted) else [f"messages {told}, not {wanted}"])


def _same(recorded_text: Any, told: Any) -> bool:
    """Word for word, as far as the recording goes."""
    if isinstance(recorded_text, str) and recorded_text.endswith(CUT):
        return isinstance(told, str) and told.startswith(recorded_text.rstrip(".…"))
    return bool(recorded_text == told)
