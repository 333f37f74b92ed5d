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
)  # fmt: skip
LEFT_OUT = ("time-log-report-daily", "quirk-access-token-still-valid-after-logout")
"""Samples of those routes that belong to a later domain, or say nothing that another does not."""
VERIFIED = (
    "authentication", "daily_plans", "diagnostics", "employees", "organization_contacts", "projects", "tasks", "timer",
)  # fmt: skip
KNOWN = {
    "18a6c955-3a65-4af1-be8c-7edc63a06672": "projectId",
    "0573fcf3-8674-42e3-babc-08bf4ae0216a": "otherTaskId",
    "e4dabdca-ce90-4bd8-b91f-c06aa773d6b8": "tagId",
    "c056063f-0596-489e-98df-76277f7835fe": "otherTenantId",
    "055d6c39-5f89-4a9a-8b23-063cce4223e1": "otherUserId",
    "5cbefda1-2877-4b6f-a1e6-354356ac2554": "managedProjectId",
    "0c566cd7-641d-41e8-9325-ff98b88549fe": "tagId",
}
"""Ids of the recorded instance that requests name, besides those of its ``_ids.json``."""
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
                "role": "NOBODY" if step.get("anonymous") else step.get("asRole", ""),
                "headers": {name: "<tenantId>" for name in step.get("headers", ()) if name.lower() == "tenant-id"},
                "method": step["method"],
                "path": _named(step["path"], KNOWN),
                "query": [[name, _named(value, KNOWN)] for name, value in step.get("query") or ()],
                "body": step.get("body"),
                "status": step["status"],
                "answer": shape(step.get("response")),
                "note": step.get("note", ""),
            }
            key = json.dumps({name: value for name, value in told.items() if name not in ("tool", "note")})
            if key not in seen:
                seen.add(key)
                yield told


def _named(text: str, known: dict[str, str]) -> str:
    text = UUID.sub(lambda found: f"<{known[found[0]]}>" if found[0] in known else found[0], text)
    return JWT.sub("<token>", text)


def _named_in(value: Any, known: dict[str, str]) -> Any:
    return json.loads(_named(json.dumps(value, ensure_ascii=False), known))


def _without_password(body: Any) -> Any:
    return {**body, "password": "<password>"} if isinstance(body, dict) and body.get("password") == "admin" else body


if __name__ == "__main__":
    main()
