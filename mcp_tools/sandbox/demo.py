"""The demo company: who works there and what they do. Written into a new sandbox by :mod:`mcp_tools.sandbox.seed`.

Every record has the same id in every sandbox: :func:`ident` of its kind and name. Days and hours are counted from
the moment of seeding. All passwords are ``demo``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "demo"  # noqa: S105 - the password of everybody in the demo company
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "sandbox.gauzy.local")


def ident(kind: str, name: str) -> str:
    """The id of a record, such as ``ident("project", "Apollo")``; ``name`` is what its table here calls it."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


TENANT: Final = "Gauzy Demo Company"
ORGANIZATION: Final = "Gauzy Demo Company Ltd"
EMPTY_ORGANIZATION: Final = "Gauzy Demo Labs"
OTHER_TENANT: Final = "Northwind Studio"
OTHER_ORGANIZATION: Final = "Northwind Studio GmbH"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a tenant; ``rate`` is per hour, ``days`` are those of the last two weeks with tracked time;
    in the six weeks before there are three times as many.

    Without a ``level`` it is a user who is no employee.
    """

    email: str
    first: str
    last: str
    role: str
    level: str
    rate: int
    days: int = 10


PEOPLE: Final = (
    Person("demo@gauzy.local", "Alex", "Morgan", "ADMIN", "Director", 95),
    Person("employee@gauzy.local", "Emma", "Fischer", "EMPLOYEE", "Developer", 55),
    Person("manager@gauzy.local", "Marco", "Rossi", "MANAGER", "Delivery manager", 75),
    Person("viewer@gauzy.local", "Vera", "Novak", "VIEWER", "", 0, days=0),
    Person("samira.haddad@gauzy.local", "Samira", "Haddad", "EMPLOYEE", "Designer", 58),
    Person("priya.raman@gauzy.local", "Priya", "Raman", "EMPLOYEE", "Developer", 62),
    Person("tomas.lindqvist@gauzy.local", "Tomas", "Lindqvist", "EMPLOYEE", "Developer", 60),
    Person("grace.okafor@gauzy.local", "Grace", "Okafor", "EMPLOYEE", "Data analyst", 57),
    Person("liam.oconnor@gauzy.local", "Liam", "O'Connor", "EMPLOYEE", "Tester", 48),
    Person("yuki.tanaka@gauzy.local", "Yuki", "Tanaka", "EMPLOYEE", "Designer", 54),
    Person("sofia.castro@gauzy.local", "Sofia", "Castro", "EMPLOYEE", "Account manager", 50),
    Person("jonas.weber@gauzy.local", "Jonas", "Weber", "EMPLOYEE", "Operations", 52),
    Person("chloe.martin@gauzy.local", "Chloe", "Martin", "EMPLOYEE", "Writer", 45, days=6),
    Person("daniel.kim@gauzy.local", "Daniel", "Kim", "EMPLOYEE", "Trainee", 30, days=4),
    Person("nadia.petrova@gauzy.local", "Nadia", "Petrova", "EMPLOYEE", "Accountant", 56, days=0),
)
OTHER_PEOPLE: Final = (
    Person("other@gauzy.local", "Olivia", "Brandt", "ADMIN", "Owner", 90),
    Person("samira.haddad@gauzy.local", "Samira", "Haddad", "MANAGER", "Art director", 80),
)
"""Of the second tenant. Samira Haddad is in both."""

TEAMS: Final = {
    "Product": ("manager", "demo", "employee", "priya.raman", "tomas.lindqvist", "grace.okafor"),
    "Design": ("samira.haddad", "yuki.tanaka", "chloe.martin"),
    "Operations": ("demo", "jonas.weber", "sofia.castro", "liam.oconnor", "daniel.kim", "nadia.petrova"),
}
"""Members by the part of their e-mail address before the @; the first leads the team."""


@dataclass(frozen=True, slots=True)
class Project:
    """``members`` as in TEAMS, the first manages it. ``budget`` is hours or money, as ``budget_type`` says."""

    name: str
    code: str
    client: str | None
    status: str
    budget: int
    budget_type: str
    members: tuple[str, ...]
    description: str


PROJECTS: Final = (
    Project("Apollo", "APO", "Brightside Logistics", "in-progress", 1200, "hours",
            ("manager", "demo", "employee", "priya.raman", "samira.haddad", "liam.oconnor"),
            "Route planning for a fleet of delivery vans, web and mobile."),
    Project("Website Relaunch", "WEB", "Meadow & Finch", "in-progress", 48000, "cost",
            ("samira.haddad", "employee", "yuki.tanaka", "chloe.martin"),
            "A faster shop with a new look, in three languages."),
    Project("Customer Portal", "POR", "Harbor Insurance", "open", 640, "hours",
            ("priya.raman", "tomas.lindqvist", "liam.oconnor", "demo"),
            "Claims, contracts and documents in one place for the insured."),
    Project("Mobile App", "MOB", "Brightside Logistics", "in-progress", 52000, "cost",
            ("tomas.lindqvist", "employee", "yuki.tanaka", "daniel.kim"),
            "The drivers' app of the fleet: stops, proof of delivery, chat."),
    Project("Data Warehouse", "DWH", "Alpine Foods", "open", 420, "hours",
            ("grace.okafor", "priya.raman", "jonas.weber"),
            "Sales and stock of forty stores in one place every morning."),
    Project("Support Desk", "SUP", None, "in-progress", 300, "hours",
            ("jonas.weber", "sofia.castro", "liam.oconnor", "daniel.kim"),
            "Answers to customers, and what we learn from their questions."),
    Project("Brand Guide", "BRA", "Meadow & Finch", "completed", 9500, "cost",
            ("yuki.tanaka", "samira.haddad", "chloe.martin"),
            "Colours, type and tone of voice on forty pages."),
    Project("Internal Tools", "INT", None, "open", 200, "hours",
            ("demo", "manager", "tomas.lindqvist", "grace.okafor"),
            "Small things that make our own days easier."),
)  # fmt: skip

TASKS: Final = {
    "Apollo": (
        "Draw the route on the map as it is driven", "Show late deliveries in red", "Import stops from a spreadsheet",
        "Let dispatchers swap two vans", "Speed up the search for addresses", "Keep drivers signed in for a week",
        "Write the handover for the pilot", "Fix the time zone of morning tours",
        "Ask the driver for a photo at the door",
    ),
    "Website Relaunch": (
        "Choose photographs for the front page", "Translate product texts into German",
        "Move the shop to the new theme",
        "Make the basket work on small screens", "Redirect the old addresses", "Measure how fast pages load",
        "Collect consent before analytics", "Proofread the imprint",
    ),
    "Customer Portal": (
        "Sign in with a code by e-mail", "List the documents of a contract", "Report a claim in five steps",
        "Upload photographs of the damage", "Show the state of a claim", "Test with a screen reader",
        "Plan the move of 12,000 accounts", "Encrypt documents at rest",
    ),
    "Mobile App": (
        "Scan parcels without network", "Sign for a parcel on the screen", "Save battery while driving",
        "Chat with the dispatcher", "Send crash reports", "Publish the beta to testers", "Read the next stop aloud",
        "Support the new scanners",
    ),
    "Data Warehouse": (
        "Load yesterday's sales at five", "Agree on what a return is", "Compare stock with the shelf count",
        "Build the report for store managers", "Keep history of prices", "Alert when a load is late",
        "Describe every column", "Hide salaries from the sales team",
    ),
    "Support Desk": (
        "Answer within four hours", "Write ten help articles", "Sort tickets by product", "Call back unhappy customers",
        "Close tickets that wait for nobody", "Report the questions of the month", "Train the new colleague",
    ),
    "Brand Guide": (
        "Pick the typefaces", "Describe the tone of voice", "Draw the set of icons", "Print three copies",
        "Hand the files over",
    ),
    "Internal Tools": (
        "Book meeting rooms from chat", "Renew certificates by itself", "Clean up old branches",
        "Plan holidays on one page",
        "Order a laptop in two clicks", "Back up the wiki every night", "Remind people of open time sheets",
    ),
}  # fmt: skip
STATUSES: Final = (
    "open", "in-progress", "backlog", "ready-for-review", "in-review", "blocked", "done", "completed", "cancelled",
)  # fmt: skip
PRIORITIES: Final = ("medium", "high", "low", "urgent")
SIZES: Final = ("medium", "small", "large", "tiny", "x-large")
ISSUE_TYPES: Final = ("task", "story", "bug", "task", "epic", "memo")
"""Given to tasks in turn, each list with its own length, so that every pair occurs."""

TAGS: Final = {
    "customer": "#2f80ed",
    "urgent": "#eb5757",
    "ready": "#27ae60",
    "research": "#9b51e0",
    "key account": "#f2994a",
}


@dataclass(frozen=True, slots=True)
class Client:
    """``address`` is country, city, street, postcode and website."""

    name: str
    kind: str
    email: str
    phone: str
    invite: str
    members: tuple[str, ...]
    address: tuple[str, str, str, str, str]
    tags: tuple[str, ...] = ()


CLIENTS: Final = (
    Client("Brightside Logistics", "CLIENT", "office@brightside.example", "+44 20 7946 0112", "ACCEPTED",
           ("manager", "demo"),
           ("GB", "London", "12 Wharf Road", "N1 7GR", "https://brightside.example"), ("key account",)),
    Client("Meadow & Finch", "CLIENT", "hello@meadowfinch.example", "+1 503 555 0148", "ACCEPTED",
           ("samira.haddad",),
           ("US", "Portland", "88 Alder Street", "97205", "https://meadowfinch.example"), ("customer",)),
    Client("Harbor Insurance", "CLIENT", "projects@harbor.example", "+49 40 5550 130", "INVITED",
           ("priya.raman", "sofia.castro"),
           ("DE", "Hamburg", "Am Sandtorkai 5", "20457", "https://harbor.example"), ("key account", "customer")),
    Client("Alpine Foods", "CLIENT", "it@alpinefoods.example", "+41 44 555 01 77", "ACCEPTED",
           ("grace.okafor",),
           ("CH", "Zurich", "Limmatquai 40", "8001", "https://alpinefoods.example")),
    Client("Cobalt Energy", "CUSTOMER", "desk@cobalt.example", "+47 22 55 01 90", "NOT_INVITED",
           ("sofia.castro",),
           ("NO", "Oslo", "Karl Johans gate 3", "0154", "https://cobalt.example"), ("customer",)),
    Client("Juniper Health", "CUSTOMER", "care@juniper.example", "+353 1 555 0122", "NOT_INVITED",
           ("sofia.castro", "jonas.weber"),
           ("IE", "Dublin", "4 Custom House Quay", "D01 VK77", "https://juniper.example")),
    Client("Tidal Robotics", "CUSTOMER", "ops@tidal.example", "+31 20 555 0143", "INVITED",
           ("jonas.weber",),
           ("NL", "Amsterdam", "Keizersgracht 120", "1015 CW", "https://tidal.example")),
    Client("Copper Kettle Cafes", "LEAD", "owner@copperkettle.example", "+1 206 555 0177", "NOT_INVITED",
           ("sofia.castro",),
           ("US", "Seattle", "901 Pine Street", "98101", "https://copperkettle.example")),
    Client("Lumen Academy", "LEAD", "dean@lumen.example", "+48 22 555 01 11", "NOT_INVITED",
           ("demo",),
           ("PL", "Warsaw", "Nowy Swiat 15", "00-029", "https://lumen.example"), ("research",)),
    Client("Oak & Stone Builders", "LEAD", "office@oakstone.example", "+61 2 5550 0199", "NOT_INVITED",
           (),
           ("AU", "Sydney", "20 Bridge Street", "2000", "https://oakstone.example")),
    Client("Riverbend Museum", "LEAD", "info@riverbend.example", "+33 1 55 50 01 64", "NOT_INVITED",
           ("chloe.martin",),
           ("FR", "Paris", "7 quai Voltaire", "75007", "https://riverbend.example")),
    Client("Summit Travel", "LEAD", "sales@summit.example", "+43 1 555 0136", "NOT_INVITED",
           (),
           ("AT", "Vienna", "Ringstrasse 22", "1010", "https://summit.example")),
)  # fmt: skip

PLANNERS: Final = ("demo", "employee", "priya.raman", "tomas.lindqvist", "samira.haddad")
"""Who has a plan for each day of this week, Monday to Friday."""

OTHER_PROJECT: Final = "Northwind Magazine"
OTHER_TASKS: Final = ("Shoot the cover", "Lay out the interview", "Send the pages to the printer")
