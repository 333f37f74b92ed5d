"""What people say, and what Gauzy's tools call it. Everything here is plain English; :mod:`.search` stems it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "how many": "count", "how much time": "hours total", "how long": "hours total", "how much": "total",
    "number of": "count", "time off": "timeoff", "day off": "timeoff", "days off": "timeoff",
    "out of office": "timeoff",
    "half day": "timeoff", "on leave": "timeoff", "sick day": "timeoff",
    "key result": "keyresult", "key results": "keyresult",
    "clock in": "start timer", "punch in": "start timer", "clock me in": "start timer",
    "on the clock": "timer status",
    "clock out": "stop timer", "punch out": "stop timer", "clock me out": "stop timer",
    "sign in": "login", "log in": "login", "sign out": "logout", "log out": "logout", "log me in": "login",
    "log me out": "logout", "sign me in": "login", "sign me out": "logout", "signed in": "auth status",
    "logged in": "auth status", "who am i": "my current user",
    "hand in": "submit", "turn in": "submit", "let go": "dismiss employee", "lay off": "dismiss employee",
    "to do": "task", "to dos": "task", "daily plan": "dailyplan", "daily plans": "dailyplan",
    "get rid of": "delete", "throw out": "delete", "set up": "create", "take off": "unassign",
    "give back": "unassign equipment", "gave back": "unassign equipment",
    "employee of the month": "award", "how far": "progress", "how active": "activity summary",
    "time log": "timelog", "time logs": "timelog", "time entry": "timelog", "time entries": "timelog",
    "activity log": "activitylog", "activity logs": "activitylog", "audit log": "activitylog",
    "audit trail": "activitylog", "time sheet": "timesheet", "time sheets": "timesheet",
    "change log": "activitylog", "gave feedback": "comment",
    "did i do": "my timelog hours", "did we do": "timelog hours", "team do": "timelog hours employee",
    "everyone do": "timelog hours employee", "should i do": "my task dailyplan",
    "should i work on": "my task dailyplan",
    "hourly rate": "pay employee", "pay rise": "pay employee", "employee go": "dismiss employee",
    "sales funnel": "pipeline", "login page": "page", "login bug": "bug", "login form": "form",
    "in stock": "inventory stock",
}  # fmt: skip
"""Several words that mean one thing. Names of tools go through the same table."""

STOP: Final = frozenset(
    """a about again all already also am an and any anything are as at away be been before by can could currently did
    do does doing else for from get got had has have hey him her his how i'd i'll i'm i've if in into is it its
    just kindly lets like list me much need now of on one only or other our out over please pls right run see she
    he should show so some somebody someone something tell than thanks that the their them there they thing this
    those to too up us use very want wants was we were what what's when where which who who's whom whose why will
    with would you your look find check""".split()  # noqa: SIM905 - a paragraph reads better than a column
)

MINE: Final = frozenset(("i", "i'm", "i've", "i'd", "me", "my", "mine", "myself"))
"""Said by somebody who asks for what is their own."""

QUESTIONS: Final = frozenset(
    """what what's which who who's whose when where how is are show list find have has do does did any am get""".split()  # noqa: SIM905 - as above
)
"""A sentence that begins with one of these asks to be told."""

WRITES: Final = frozenset(
    """accept add align approve archive assign attach ask book borrow cancel change clear close complete confirm
    create decline delete demote deny dismiss draft edit end enter erase fill finish fire fix give grant hand hire
    honour invite issue join lay lend log make mark modify move new note open pause pay plan post promote publish
    punch put raise rate record register reject remove rename reopen reply report request reset restore retire
    schedule send set start stop submit switch take turn unassign update upload withdraw write""".split()  # noqa: SIM905 - as above
)
"""A sentence that begins with one of these asks for a change."""

MEANT: Final[Mapping[str, str]] = {
    # time
    "vacation": "timeoff", "holiday": "timeoff", "leave": "timeoff", "absence": "timeoff", "absent": "timeoff",
    "sick": "timeoff", "pto": "timeoff", "off": "timeoff", "sabbatical": "timeoff", "maternity": "timeoff",
    "parental": "timeoff", "furlough": "timeoff", "allowance": "timeoff balance", "accrued": "timeoff balance",
    "worked": "hours", "hour": "hours", "tracked": "hours timelog", "logged": "hours timelog", "work": "hours",
    "overtime": "hours employee", "utilization": "hours employee",
    "app": "activity summary", "website": "site", "screenshot": "slot",
    "keyboard": "slot", "mouse": "slot", "idle": "slot", "stopwatch": "timer", "tracking": "timer",
    "tracker": "timer",
    "clock": "timer", "entry": "timelog", "entries": "timelog", "shift": "timelog", "period": "date",
    "kpis": "dashboard", "overview": "dashboard statistics", "figures": "dashboard",
    # people
    "client": "contact", "customer": "contact", "lead": "contact", "prospect": "contact", "account": "contact",
    "colleague": "employee", "people": "employee", "person": "employee", "staff": "employee", "everyone": "employee",
    "everybody": "employee", "coworker": "employee", "worker": "employee", "teammate": "employee member",
    "developer": "employee", "workforce": "employee", "headcount": "employee count", "employ": "employee work",
    "personnel": "employee", "intern": "employee", "wage": "employee pay", "salary": "employee pay",
    "paycheck": "pay",
    "fire": "dismiss employee", "sack": "dismiss employee", "terminate": "dismiss employee",
    "quit": "dismiss employee",
    "resigned": "dismiss employee", "rehire": "restore employee", "onboard": "create employee",
    "roster": "employee member", "directory": "member organization", "phone": "contact", "bio": "profile",
    "squad": "team", "crew": "team", "group": "team", "department": "team",
    "applicant": "candidate", "applied": "candidate", "recruit": "candidate", "interview": "candidate",
    "interviewee": "candidate", "resume": "candidate start", "cv": "candidate", "opening": "position",
    "job": "position",
    "vacancy": "position", "degree": "education candidate", "school": "education candidate",
    "university": "education",
    "career": "experience candidate", "studied": "education candidate", "knows": "skill", "know": "skill",
    "expertise": "skill", "talent": "skill", "competence": "skill", "ability": "skill",
    "kudos": "award", "honor": "honour award", "prize": "award", "recognition": "award", "trophy": "award",
    # work
    "todo": "task", "ticket": "task", "issue": "task", "bug": "task", "assignment": "task", "backlog": "task",
    "story": "task", "subtask": "task", "agenda": "dailyplan", "schedule": "dailyplan", "iteration": "sprint",
    "overdue": "overdue", "late": "overdue", "unpaid": "unpaid overdue", "outstanding": "unpaid overdue",
    "objective": "goal", "okr": "goal", "okrs": "goal", "ambition": "goal", "milestone": "keyresult",
    "target": "goal",
    "feedback": "comment", "discussion": "comment", "thread": "reply comment", "respond": "reply", "answer": "reply",
    "note": "comment", "mention": "comment", "remark": "comment", "said": "comment",
    "happened": "activitylog recent", "changes": "activitylog", "changed": "activitylog", "edited": "activitylog",
    "deleted": "activitylog", "modified": "activitylog", "audit": "activitylog", "history": "history activitylog",
    "timeline": "timeline activitylog",
    # money
    "bill": "invoice", "billing": "invoice", "charge": "invoice", "quote": "estimate", "quotation": "estimate",
    "proposal": "estimate", "offer": "estimate", "spent": "expense", "spend": "expense", "cost": "expense",
    "spending": "expense", "receipt": "expense", "reimburse": "expense", "reimbursement": "expense",
    "purchase": "expense",
    "revenue": "income", "earned": "income", "earn": "income", "earning": "income", "earnings": "income",
    "paid": "payment", "pay": "payment", "settle": "payment", "refund": "refund payment", "remittance": "payment",
    "sale": "deal", "opportunity": "deal", "funnel": "pipeline", "won": "deal stage", "negotiation": "deal stage",
    # things
    "gear": "equipment", "laptop": "equipment", "device": "equipment", "hardware": "equipment",
    "macbook": "equipment",
    "asset": "equipment", "monitor": "equipment", "phones": "equipment", "camera": "equipment",
    "printer": "equipment",
    "projector": "equipment", "lend": "assign equipment loan", "borrow": "equipment loan request",
    "loan": "equipment loan",
    "loaned": "equipment loan", "borrowed": "equipment loan", "return": "unassign equipment",
    "item": "item product", "stock": "inventory product warehouse", "depot": "warehouse", "storage": "warehouse",
    "sku": "product", "merchandise": "product", "catalog": "catalogue product",
    "shop": "merchant", "store": "merchant", "supplier": "merchant", "vendor": "merchant", "retailer": "merchant",
    "seller": "merchant", "picture": "image", "photo": "image",
    "company": "organization", "firm": "organization", "workspace": "organization", "business": "organization",
    "label": "tag", "alert": "notification", "inbox": "notification", "bookmark": "favorite", "starred": "favorite",
    "allowed": "permission", "access": "permission", "rights": "permission", "role": "permission user",
    "backend": "api connection", "server": "server", "reachable": "api connection", "working": "working",
    "signin": "login", "signout": "logout", "token": "token auth",
    # verbs
    "add": "create", "new": "create", "make": "create", "record": "create", "register": "create",
    "open": "create open",
    "enter": "create", "draft": "create", "write": "create", "launch": "create", "kick": "start",
    "change": "update", "edit": "update", "modify": "update", "rename": "update", "set": "update", "mark": "update",
    "move": "update", "adjust": "update", "correct": "update", "fix": "update", "raise": "update", "extend": "update",
    "postpone": "update", "reschedule": "update", "promote": "update", "bump": "update", "increase": "update",
    "remove": "delete remove", "drop": "delete", "erase": "delete", "discard": "delete", "wipe": "delete",
    "cancel": "cancel delete", "begin": "start", "end": "stop", "finish": "stop", "pause": "stop", "halt": "stop",
    "decline": "deny reject", "refuse": "deny reject", "accept": "accept approve", "grant": "approve",
    "ok": "approve",
    "withdraw": "cancel", "revoke": "cancel", "hand": "assign", "give": "assign", "delegate": "assign",
    "send": "email", "mail": "email", "hire": "hire create employee", "pending": "pending wait", "waiting": "pending",
    "active": "active", "current": "current", "recently": "recent", "latest": "recent", "several": "bulk",
    "many": "bulk", "multiple": "bulk", "batch": "bulk", "import": "bulk create",
    "breakdown": "statistics", "summary": "statistics summary", "stat": "statistics", "average": "statistics",
    "distribution": "statistics", "metric": "statistics", "chart": "statistics", "per": "by",
    "analytics": "statistics",
    "search": "search", "searching": "search",
}  # fmt: skip
"""From a word that people say to the words that stand for it in names and descriptions of tools."""
