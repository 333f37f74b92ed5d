"""Reduces the exchanges that were recorded on a real Gauzy to their shape, into ``tests/data/gauzy``.

``python -m tests.data.extract`` reads ``gauzy/samples`` and ``gauzy/verified`` in the folder that
GAUZY_REFERENCE_DIR names (``../shared`` unless set). What is kept of an exchange: method, path, query, body and
status, and of the answer the names of its fields with their JSON types; the messages of errors word for word. Ids
become placeholders such as ``<taskId>``, so that another Gauzy can be asked the same.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.data.shapes import shape

HERE = Path(__file__).parent / "gauzy"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
ROUTES = (
    "auth", "user", "user-organization", "organization", "employee", "organization-projects", "task-statuses",
    "task-priorities", "task-sizes", "issue-types", "tasks", "timesheet/timer", "timesheet/time-log", "daily-plan",
    "organization-contact", "organization-team", "tags", "roles", "health", "nope", "employee-availability",
    "pipelines", "deals", "candidate", "goals",
    "equipment", "products",
    "invoices", "expense", "income",
)  # fmt: skip
LEFT_OUT = ("time-log-report-daily", "quirk-access-token-still-valid-after-logout")
"""Samples of those routes that belong to a later domain, or say nothing that another does not."""
VERIFIED = (
    "authentication", "daily_plans", "diagnostics", "employees", "organization_contacts", "projects", "tasks", "timer",
    "pipelines", "deals", "candidates", "goals", "key_results",
    "skills", "employee_awards", "comments", "reports", "activity_logs",
    "equipment", "products", "product_categories", "warehouses", "merchants",
    "invoices", "expenses", "incomes", "payments",
    "time_tracking", "time_off",
)  # fmt: skip
KNOWN = {
    "18a6c955-3a65-4af1-be8c-7edc63a06672": "projectId",
    "0573fcf3-8674-42e3-babc-08bf4ae0216a": "otherTaskId",
    "e4dabdca-ce90-4bd8-b91f-c06aa773d6b8": "tagId",
    "c056063f-0596-489e-98df-76277f7835fe": "otherTenantId",
    "055d6c39-5f89-4a9a-8b23-063cce4223e1": "otherUserId",
    "5cbefda1-2877-4b6f-a1e6-354356ac2554": "managedProjectId",
    "0c566cd7-641d-41e8-9325-ff98b88549fe": "tagId",
    "05d3e182-5ee4-4a25-ae42-ed57349fd70c": "newPipelineId",
    "51753a7e-6b36-4b00-b5b0-3a5928642cd2": "stage:New",
    "5a9f386c-259e-407a-b083-ba1a46e80ade": "stage:Done",
    "b2872125-2d30-4563-a03b-3cc941c078b3": "stage:Extra",
    "7b75e37b-2c25-43cd-97d1-ec532444f89f": "olderPipelineId",
    "d001dfd3-ded2-47e2-8155-f7b8295dc2e9": "stage:A",
    "ebbc7788-2edd-4d4a-8ce3-71442a73ca94": "stage:B",
    "19ff4aa4-28ae-4dae-bbbf-28861fe74ae7": "newDealId",
    "19a50a19-cae9-4092-8a64-c37ec8608656": "dealId",
    "02ba7b12-ffad-4a29-9667-e26db5cf1987": "clientWithoutDealId",
    "a3fc0582-0f30-4a39-ac75-84516804cbb9": "candidateId",
    "3d03bd06-49cb-4203-a70b-c648843c3e6f": "newCandidateId",
    "6f118e83-f7f7-419c-91f5-5dfdd65bae44": "candidateToHireId",
    "93e2d751-339c-49b3-9111-78ece2241c9c": "candidateToDeleteId",
    "f996c6ac-0f4d-4798-adec-c5df791fdabf": "userOfDeletedId",
    "b9c19236-5a55-464c-81ea-a2bf08b015b4": "newGoalId",
    "ba884270-2b8c-4f04-81a3-c17232947e6f": "goalToDeleteId",
    "7382f436-c7ec-4401-8b28-c5232a13bcd8": "resultOfDeletedId",
    "eec8edc1-d134-435d-b284-b8ebeba12b0b": "parentGoalId",
    "3ed375f1-ba18-4c0c-8473-79b75920dedc": "childGoalId",
    "244378ed-aa8e-4eec-88dd-49fab65f6b65": "newKeyResultId",
    "3ee076c5-48c5-489d-8a5d-34a738667129": "keyResultToDeleteId",
    "93abc366-d318-4cd3-91d5-771d893fb280": "skillId",
    "d74c9bd2-9d97-4383-bb20-f13ce447cf71": "newSkillId",
    "90da660b-05b7-4e5d-8b4d-533cded6bcff": "skillToDeleteId",
    "66a1fa52-8d34-4e89-8a88-5a8819781ab5": "commentId",
    "1a93f8bf-9cca-47cd-98c3-cc8a37861791": "newCommentId",
    "89871d0b-2173-4428-b958-4af7d1ee76cb": "commentToDeleteId",
    "be6f01ad-03b4-4b88-b178-8a223e631558": "loggedTaskId",
    "f7110422-d89e-4332-81c5-fccbdfaf7148": "laptopId",
    "ee8cc777-4094-4a6a-ac4f-ea8dd188a5a0": "monitorId",
    "03471116-e21f-43df-babc-65687e7dfd84": "newEquipmentId",
    "00b6e0b0-3d36-47f6-878f-72796be83fc3": "equipmentToDeleteId",
    "960c3e35-efaf-493f-827d-08e2d16ca49f": "loanId",
    "58c07815-447c-4e07-b975-8e42df787cc0": "loanRequestId",
    "f78f9840-faf1-4d6a-9d82-2f940584aaf6": "translation_en_id",
    "7fb0a7e5-a5a6-4bb3-93ce-9abf1b533173": "emptyLogId",
    "ddfaaeeb-2775-4553-8df7-daf5c4537447": "timesheetId",
    "c3676839-d1df-4838-b586-701dde8929b5": "timeOffId",
    "7948f090-e818-4559-a6d5-c66081359d24": "newTimeOffId",
    "b4d1a6df-5304-4c73-91fe-6f260cc1cb13": "timeOffToDeleteId",
    "68cb1ee5-7ef6-4488-b90e-c154de494aad": "approvalId",
    "469578dc-f745-4e4a-b919-297afefcb7a2": "timeOffToCancelId",
    "e3dbad38-8cc6-4b2d-9d3f-8156671e893c": "movedTimeOffId",
    "ad121719-a37a-4088-81ef-0a566c3ccb0d": "policyId",
    "23340404-36d8-4cc9-938d-08044828f645": "newPolicyId",
    "7dff99d5-37f8-456e-a726-99e78e6efd84": "renamedPolicyId",
}
"""Ids of the recorded instance that requests name, besides those of its ``_ids.json``."""
FIRST = ("deletedAt", "createdAt", "updatedAt", "createdByUserId", "updatedByUserId", "deletedByUserId")
BY_EMPLOYEE = re.compile(r"employee-role-|timer-(status-(idle|running|worked)|start|stop|toggle)|daily-plan-")
BY_ADMIN = re.compile(r"timer-start-403|daily-plan-(list|task|team)")


def main() -> None:
    files = extracted(reference())
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1000:.0f} kB")


def reference() -> Path:
    """The folder of the recordings; it may be absent."""
    return Path(os.environ.get("GAUZY_REFERENCE_DIR", "../shared")) / "gauzy"


def extracted(source: Path) -> dict[Path, str]:
    """The files of the extract and what is in them."""
    samples = _by_route(_samples(source / "samples"))
    verified = {name: list(_steps(source / "verified" / f"{name}.json")) for name in VERIFIED}
    folders = {"samples": samples, "verified": verified}
    return {
        HERE / folder / f"{name}.json": _text(entries)
        for folder, domains in folders.items()
        for name, entries in domains.items()
    }


def _text(entries: list[Any]) -> str:
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    return f"[\n{lines}\n]\n"


def _samples(folder: Path) -> Iterator[dict[str, Any]]:
    known = {value: name for name, value in json.loads((folder / "_ids.json").read_text()).items()} | KNOWN
    names = [line.split("\t")[0] for line in (folder / "_index.tsv").read_text().splitlines()]
    for order, name in enumerate(names):
        sample = json.loads((folder / f"{name}.json").read_text())
        request, answer = sample["request"], sample.get("body")
        if name in LEFT_OUT or not _is_ours(request["path"]):
            continue
        made = answer.get("id") if isinstance(answer, dict) and request["method"] == "POST" else None
        if made and made not in known:
            known[made] = f"made:{name}"
        path, _, query = request["path"].partition("?")
        yield {
            "order": order,
            "name": name,
            "role": _role(name, request["headers"]),
            "headers": _tenant_header(request["headers"], known),
            "method": request["method"],
            "path": _named(path, known),
            "query": [_named(pair, known).split("=", 1) for pair in query.split("&") if pair],
            "body": _without_password(_named_in(request.get("body"), known)),
            "status": sample["status"],
            "type": sample.get("responseHeaders", {}).get("Content-Type"),
            "answer": _named_in(shape(answer), known),
            **({"makes": known[made]} if made else {}),
        }


def _tenant_header(headers: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """The header that names the tenant, in its spelling."""
    return {name: _named(value, known) for name, value in headers.items() if name.lower() == "tenant-id"}


def _is_ours(path: str) -> bool:
    below = path.partition("?")[0].removeprefix("/api").strip("/")
    return below == "" or any(below == route or below.startswith(f"{route}/") for route in ROUTES)


def _role(name: str, headers: dict[str, str]) -> str:
    """Who asked, which the samples tell by their names alone."""
    if "Authorization" not in headers:
        return "NOBODY"
    if "bad-token" in name or "expired" in name:
        return "STRANGER"
    if name.startswith("other-tenant"):
        return "OTHER"
    return "EMPLOYEE" if BY_EMPLOYEE.match(name) and not BY_ADMIN.match(name) else "ADMIN"


def _by_route(entries: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for entry in entries:
        parts = entry["path"].strip("/").split("/")
        grouped.setdefault(parts[1] if len(parts) > 1 else "root", []).append(entry)
    return grouped


def _steps(path: Path) -> Iterator[dict[str, Any]]:
    """The requests of each tool, in the order they were sent; one that is repeated word for word comes once."""
    seen = set()
    for tool, entry in json.loads(path.read_text())["tools"].items():
        for step in entry.get("steps", ()):
            told = {
                "tool": tool,
                "role": "NOBODY" if step.get("anonymous") else step.get("asRole") or step.get("role", ""),
                "headers": {name: "<tenantId>" for name in step.get("headers", ()) if name.lower() == "tenant-id"},
                "method": step["method"],
                "path": _named(step["path"], KNOWN),
                "query": [[name, _named(value, KNOWN)] for name, value in step.get("query") or ()],
                "body": _named_in(step.get("body"), KNOWN),
                "status": step["status"],
                "answer": _named_in(shape(_marked(step.get("response"))), KNOWN),
                "note": step.get("note", ""),
            }
            key = json.dumps({name: value for name, value in told.items() if name not in ("tool", "note")})
            if key not in seen:
                seen.add(key)
                yield told


def _marked(value: Any) -> Any:
    """With the mark of a cut where the recording kept the first fields of a nested record alone.

    What an activity log says about other records has the fields of those, so its shape is left open.
    """
    if isinstance(value, list):
        return [_marked(item) for item in value]
    if not isinstance(value, dict):
        return None if value == "{…}" else value
    told = {name: _marked(item) for name, item in value.items()}
    if "updatedFields" in told:
        told |= dict.fromkeys(("data", "previousValues", "updatedValues"))
    return told | {"...": None} if tuple(told) == FIRST else told


def _named(text: str, known: dict[str, str]) -> str:
    text = UUID.sub(lambda found: f"<{known[found[0]]}>" if found[0] in known else found[0], text)
    return JWT.sub("<token>", text)


def _named_in(value: Any, known: dict[str, str]) -> Any:
    return json.loads(_named(json.dumps(value, ensure_ascii=False), known))


def _without_password(body: Any) -> Any:
    return {**body, "password": "<password>"} if isinstance(body, dict) and body.get("password") == "admin" else body


if __name__ == "__main__":
    main()
