"""Writes the demo company of :mod:`mcp_tools.sandbox.demo` into an empty store."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.sandbox import demo, tokens
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains import DOMAINS
from mcp_tools.sandbox.domains.timesheets import week_of
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.pictures import placeholder
from mcp_tools.sandbox.roles import PERMISSIONS, SYSTEM
from mcp_tools.sandbox.store import Row, Transaction, iso

DAY: Final = datetime.timedelta(days=1)
MINUTE: Final = datetime.timedelta(minutes=1)
Span = tuple[datetime.datetime, datetime.datetime]
SOURCES: Final = ("DESKTOP", "BROWSER", "MOBILE", "BROWSER_EXTENSION")


def seed(store: Transaction) -> None:
    """Both tenants, with hours up to this moment."""
    _task_settings(store)
    secret = tokens.hashed(demo.PASSWORD)
    now = store.clock()
    first = Company(store, demo.TENANT, (demo.ORGANIZATION, demo.EMPTY_ORGANIZATION), now)
    first.people(demo.PEOPLE, secret)
    first.company()
    for domain in DOMAINS:
        # A domain with demo data of its own fills it in here.
        if fill := getattr(domain, "fill", None):
            fill(first)
    second = Company(store, demo.OTHER_TENANT, (demo.OTHER_ORGANIZATION,), now)
    second.people(demo.OTHER_PEOPLE, secret)
    second.studio()


class Company:
    """Makes the records of one tenant; the first organization gets everything, others stay empty.

    ``employees`` are rows by the part of the e-mail address before the @, ``now`` is the moment of seeding and
    ``midnight`` when its day began, in UTC.
    """

    def __init__(self, store: Transaction, name: str, organizations: Sequence[str], now: datetime.datetime) -> None:
        self._store = store
        self.now = now
        self.midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self._name = name
        self.id = ident("tenant", name)
        self.organization_id = ident("organization", organizations[0])
        self._organizations = [ident("organization", organization) for organization in organizations]
        self.employees: dict[str, Row] = {}
        Entity.known["Tenant"].new(
            store, None, None, {"id": self.id, "_tenantId": self.id, "name": name, "logo": placeholder(name)}
        )
        self._drop_tenant_column()
        for role in PERMISSIONS:
            self.new("Role", f"{name}/{role}", {"name": role, "isSystem": role in SYSTEM}, owned=False)
        for place, organization in enumerate(organizations):
            self._organization(organization, default=place == 0)

    def people(self, people: Sequence[demo.Person], secret: str) -> None:
        for place, person in enumerate(people):
            key = f"{self._name}/{person.email}"
            user = {
                "email": person.email, "firstName": person.first, "lastName": person.last, "_password": secret,
                "roleId": ident("role", f"{self._name}/{person.role}"), "timeZone": "UTC",
                "imageUrl": placeholder(f"{person.first} {person.last}"),
            }  # fmt: skip
            made = self.new("User", key, user, owned=False)
            everywhere = self._organizations if person.role == "ADMIN" else self._organizations[:1]
            for number, organization_id in enumerate(everywhere):
                membership = {"userId": made["id"], "organizationId": organization_id, "isDefault": number == 0}
                self.new("UserOrganization", f"{key}/{number}", membership)
            if not person.level:
                continue
            employee = {
                "userId": made["id"], "employeeLevel": person.level, "billRateValue": person.rate,
                "billRateCurrency": "USD", "payPeriod": "MONTHLY", "minimumBillingRate": person.rate - 10,
                "reWeeklyLimit": 40, "isTrackingEnabled": person.days > 0,
                "startedWorkOn": f"{2018 + place % 6}-0{1 + place % 9}-01T00:00:00.000Z",
                "profile_link": f"{person.first}-{person.last}".lower(), "short_description": person.level,
                "allowManualTime": True, "allowModifyTime": True, "allowDeleteTime": True,
            }  # fmt: skip
            self.employees[person.email.partition("@")[0]] = self.new("Employee", key, employee)

    def company(self) -> None:
        """Teams, tags, clients, projects, tasks, this week's plans and the time of the last eight weeks."""
        for name, color in demo.TAGS.items():
            self.new("Tag", name, {"name": name, "color": color, "description": ""})
        for name, members in demo.TEAMS.items():
            self._team(name, members)
        for client in demo.CLIENTS:
            self._client(client)
        for project in demo.PROJECTS:
            self._project(project.name, project)
        self._tasks()
        for planner in demo.PLANNERS:
            self._plans(planner)
        tracking = [(place, person) for place, person in enumerate(demo.PEOPLE) if person.days]
        for fill in (self._time, self._earlier_time):
            for place, person in tracking:
                fill(place, person)

    def studio(self) -> None:
        """The little that the second tenant has."""
        self.new("OrganizationTeam", "Studio", {"name": "Studio", "prefix": "STU", "profile_link": "studio"})
        self.new(
            "OrganizationProject", demo.OTHER_PROJECT, {"name": demo.OTHER_PROJECT, "code": "MAG", "membersCount": 0}
        )
        for number, title in enumerate(demo.OTHER_TASKS, 1):
            values = {"title": title, "number": number, "prefix": "Nor", "status": "open", "_members": []}
            self.new("Task", title, {**values, "projectId": ident("project", demo.OTHER_PROJECT)})

    # --- one record ----------------------------------------------------------

    @property
    def store(self) -> Transaction:
        """Where the records go, for a domain that looks at those of another."""
        return self._store

    def new(self, entity: str, name: str, values: Mapping[str, Any], *, owned: bool = True) -> Row:
        """A record whose id follows from its kind and name; times of making are in the order of the tables."""
        kind = KINDS.get(entity, entity)
        owner = {"organizationId": self.organization_id} if owned else {}
        return Entity.known[entity].new(self._store, self.id, None, {"id": ident(kind, name), **owner, **values})

    def _drop_tenant_column(self) -> None:
        """A tenant is owned by itself and shows no tenantId."""
        row = self._store.find("Tenant", self.id, self.id)
        assert row is not None
        del row["tenantId"]
        self._store.put("Tenant", row)

    def _organization(self, name: str, *, default: bool) -> None:
        values = {
            "name": name, "isDefault": default, "profile_link": name.lower().replace(" ", "-"), "officialName": name,
            "imageUrl": placeholder(name), "brandColor": "#3366ff", "totalEmployees": 0, "short_description": "",
            "client_focus": "", "overview": "", "banner": "", "registrationDate": "2017-04-01T00:00:00.000Z",
        }  # fmt: skip
        self.new("Organization", name, values, owned=False)

    def _team(self, name: str, members: Sequence[str]) -> None:
        manager_role = ident("role", f"{self._name}/MANAGER")
        values = {"name": name, "prefix": name[:3].upper(), "logo": placeholder(name, 1), "profile_link": name.lower()}
        team = self.new("OrganizationTeam", name, values)
        for place, member in enumerate(members):
            leads = place == 0
            own = {"organizationTeamId": team["id"], "employeeId": self.employees[member]["id"], "isManager": leads}
            self.new("OrganizationTeamEmployee", f"{name}/{member}", {**own, "roleId": manager_role if leads else None})

    def _client(self, client: demo.Client) -> None:
        country, city, street, postcode, website = client.address
        place = {"country": country, "city": city, "address": street, "postcode": postcode, "website": website}
        address = self.new("Contact", client.name, {"name": client.name, **place})
        values = {
            "name": client.name, "contactType": client.kind, "primaryEmail": client.email, "primaryPhone": client.phone,
            "inviteStatus": client.invite, "contactId": address["id"], "imageUrl": placeholder(client.name, 1),
            "_members": [self.employees[member]["id"] for member in client.members],
            "_tags": [ident("tag", tag) for tag in client.tags],
        }  # fmt: skip
        self.new("OrganizationContact", client.name, values)

    def _project(self, name: str, project: demo.Project) -> None:
        manager_role = ident("role", f"{self._name}/MANAGER")
        values = {
            "name": name, "code": project.code, "description": project.description, "status": project.status,
            "budget": project.budget, "budgetType": project.budget_type, "currency": "USD", "billing": "RATE",
            "billable": project.client is not None, "public": True, "membersCount": len(project.members),
            "owner": "CLIENT" if project.client else "INTERNAL", "imageUrl": placeholder(name),
            "organizationContactId": ident("contact", project.client) if project.client else None,
            "startDate": iso(self.midnight - 90 * DAY),
        }  # fmt: skip
        made = self.new("OrganizationProject", name, values)
        for place, member in enumerate(project.members):
            manages = place == 0
            own = {
                "organizationProjectId": made["id"],
                "employeeId": self.employees[member]["id"],
                "isManager": manages,
            }
            dated = {"assignedAt": made["createdAt"], "roleId": manager_role if manages else None}
            self.new("OrganizationProjectEmployee", f"{name}/{member}", {**own, **dated})

    def _tasks(self) -> None:
        total = 0
        for project in demo.PROJECTS:
            for number, title in enumerate(demo.TASKS[project.name], 1):
                self._task(project, number, title, total)
                total += 1

    def _task(self, project: demo.Project, number: int, title: str, place: int) -> None:
        finished = project.status == "completed"
        members = [project.members[place % len(project.members)], project.members[(place + 2) % len(project.members)]]
        chosen = dict.fromkeys(members[: 1 + place % 2])
        values = {
            "title": title, "number": number, "prefix": project.name[:3], "projectId": ident("project", project.name),
            "status": "completed" if finished else demo.STATUSES[place % len(demo.STATUSES)],
            "priority": demo.PRIORITIES[place % len(demo.PRIORITIES)], "size": demo.SIZES[place % len(demo.SIZES)],
            "issueType": demo.ISSUE_TYPES[place % len(demo.ISSUE_TYPES)], "estimate": 3600 * (1 + place % 8),
            "dueDate": iso(self.midnight + (place % 40 - 8) * DAY), "description": f"<p>{title}.</p>",
            "_members": [self.employees[member]["id"] for member in chosen],
            "_teams": [ident("team", next(name for name, people in demo.TEAMS.items() if members[0] in people))],
            "_tags": [ident("tag", list(demo.TAGS)[place % len(demo.TAGS)])] if place % 3 == 0 else [],
        }  # fmt: skip
        self.new("Task", f"{project.code}-{number}", values)

    def _plans(self, person: str) -> None:
        """Monday to Friday of this week, with two of the person's tasks each."""
        employee_id = self.employees[person]["id"]
        team = next(name for name, people in demo.TEAMS.items() if person in people)
        mine = [row["id"] for row in self._store.rows("Task", self.id) if employee_id in row["_members"]]
        monday = self.midnight - self.midnight.weekday() * DAY
        for number in range(5):
            day = monday + number * DAY
            status = "completed" if day < self.midnight else "in-progress" if day == self.midnight else "open"
            values = {
                "date": iso(day), "workTimePlanned": 6 + number % 3, "status": status, "employeeId": employee_id,
                "organizationTeamId": ident("team", team), "_tasks": [*dict.fromkeys(mine[number : number + 2])],
            }  # fmt: skip
            self.new("DailyPlan", f"{person}/{number}", values)

    def _time(self, place: int, person: demo.Person) -> None:
        """Three logs on each of the person's working days, and those of today as far as it has come."""
        name, mine = self._worker(person)
        working = self._working_days(1, 15)[: person.days]
        for number, day in enumerate(working):
            for part, (begin, end) in enumerate(_shifts(day, place, number)):
                self._log(f"{name}/{number}/{part}", name, mine[(number + part) % len(mine)], begin, end, place + part)
        for part, (begin, end) in enumerate(_until(self.now, _shifts(self.midnight, place, len(working)))):
            self._log(f"{name}/today/{part}", name, mine[(part - 1) % len(mine)], begin, end, place + part)

    def _earlier_time(self, place: int, person: demo.Person) -> None:
        """One long log a day in the six weeks before."""
        name, mine = self._worker(person)
        for number, day in enumerate(self._working_days(15, 57)[: 3 * person.days]):
            begin = day + datetime.timedelta(hours=9, minutes=(place * 7 + number * 3) % 30)
            end = begin + datetime.timedelta(minutes=300 + (place * 11 + number * 17) % 90)
            self._log(f"{name}/earlier/{number}", name, mine[number % len(mine)], begin, end, place + number)

    def _worker(self, person: demo.Person) -> tuple[str, list[Row]]:
        """What ``employees`` calls a person, and the person's tasks."""
        name = person.email.partition("@")[0]
        employee_id = self.employees[name]["id"]
        return name, [row for row in self._store.rows("Task", self.id) if employee_id in row["_members"]]

    def _working_days(self, first: int, end: int) -> list[datetime.datetime]:
        """Monday to Friday, from ``first`` days ago until before ``end`` days ago, the latest first."""
        days = (self.midnight - number * DAY for number in range(first, end))
        return [day for day in days if day.weekday() < 5]

    def _log(
        self, key: str, person: str, task: Row, begin: datetime.datetime, end: datetime.datetime, turn: int
    ) -> None:  # fmt: skip
        employee = self.employees[person]
        sheet = week_of(self._store, self.id, None, employee, iso(begin))
        project = self._store.find("OrganizationProject", task["projectId"], self.id) or {}
        values = {
            "startedAt": iso(begin), "stoppedAt": iso(end), "logType": "MANUAL" if turn % 6 == 0 else "TRACKED",
            "source": SOURCES[turn % len(SOURCES)], "description": task["title"], "isBillable": project["billable"],
            "employeeId": employee["id"], "timesheetId": sheet["id"], "projectId": task["projectId"],
            "taskId": task["id"], "organizationContactId": project["organizationContactId"],
        }  # fmt: skip
        self.new("TimeLog", key, values)


def _shifts(day: datetime.datetime, place: int, number: int) -> list[Span]:
    """The three logs of a day that begins at ``day``; people (``place``) and days (``number``) differ by minutes."""
    made = []
    for part, hour in enumerate((8, 10, 13)):
        begin = day + datetime.timedelta(hours=hour, minutes=(place * 7 + number * 3) % 30)
        made.append((begin, begin + datetime.timedelta(minutes=70 + (place * 11 + number * 17 + part * 23) % 50)))
    return made


def _until(now: datetime.datetime, shifts: Sequence[Span]) -> list[Span]:
    """What of ``shifts`` has passed by ``now``. Before the first one has, the hour that ends at ``now``.

    A day that is less than a minute old has nothing: a log without time slots is one that Gauzy does not list.
    """
    passed = [(begin, min(end, now)) for begin, end in shifts if now - begin >= MINUTE]
    midnight = shifts[0][0].replace(hour=0, minute=0)
    hour = (max(midnight, now - 60 * MINUTE), now)
    return passed or [hour] if now - midnight >= MINUTE else []


KINDS: Final[Mapping[str, str]] = {
    "Role": "role", "User": "user", "Employee": "employee", "Organization": "organization", "Tag": "tag",
    "OrganizationTeam": "team", "OrganizationContact": "contact", "Contact": "address", "Task": "task",
    "OrganizationProject": "project", "DailyPlan": "plan", "TimeLog": "log",
}  # fmt: skip
"""The kind that :func:`~mcp_tools.sandbox.demo.ident` knows an entity by."""

STATUSES: Final = (
    ("backlog", "#FFCC00", "Reported, and waiting for the team", "isTodo"),
    ("open", "#D6E4F9", "Ready to start", "isTodo"),
    ("in-progress", "#ECE8FC", "Somebody works on it", "isInProgress"),
    ("ready-for-review", "#F5F1CB", "Waits for a reviewer", "isInProgress"),
    ("in-review", "#F3D8B0", "Somebody reviews it", "isInProgress"),
    ("blocked", "#F5B8B8", "Cannot go on for now", "isTodo"),
    ("done", "#4DC26A", "The work is done", "isDone"),
    ("completed", "#D4EFDF", "Done and accepted", "isDone"),
    ("cancelled", "#A1A1A1", "Will not be done", "isDone"),
    ("custom", "#D4EFDF", "Another one", "isTodo"),
)
PRIORITIES: Final = (("urgent", "#F5B8B8"), ("high", "#B8D1F5"), ("medium", "#ECE8FC"), ("low", "#D4EFDF"))
SIZES: Final = (
    ("x-large", "#F5B8B8"),
    ("large", "#F3D8B0"),
    ("medium", "#F5F1CB"),
    ("small", "#B8D1F5"),
    ("tiny", "#ECE8FC"),
)
TYPES: Final = (("bug", "#C24A4A"), ("story", "#54BA95"), ("task", "#5483BA"), ("memo", "#4192AB"), ("epic", "#8154BA"))


def _task_settings(store: Transaction) -> None:
    """What all tenants share: these records belong to none."""
    for order, (value, color, told, flag) in enumerate(STATUSES):
        _setting(
            store,
            "TaskStatus",
            "task-statuses",
            value,
            color,
            {"description": told, "order": order, flag: True, "name": value},
        )
    for value, color in PRIORITIES:
        _setting(store, "TaskPriority", "task-priorities", value, color, {})
    for value, color in SIZES:
        _setting(store, "TaskSize", "task-sizes", value, color, {})
    for value, color in TYPES:
        _setting(store, "IssueType", "task-issue-types", value, color, {"imageId": ident("image", value)})


def _setting(store: Transaction, entity: str, folder: str, value: str, color: str, more: Mapping[str, Any]) -> None:
    values = {
        "id": ident(entity, value), "name": value.capitalize(), "value": value, "color": color,
        "description": f"{value.capitalize()} {folder.split('-')[-1]}",
        "icon": f"ever-icons/{folder}/{value}.svg", **more,
    }  # fmt: skip
    Entity.known[entity].new(store, None, None, values)
