"""The first page of the admin: what is going on now, and how the last day went."""

from __future__ import annotations

import datetime
import json
from typing import Any, Final

from django.db.models import Avg, Count, Q, Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mcp_tools.operations.models import CallRecord, SessionRecord

CHART: Final = {
    "animation": False,
    "maintainAspectRatio": False,
    "plugins": {"legend": {"display": True, "position": "bottom", "align": "start"}},
    "scales": {
        "x": {"stacked": True, "grid": {"display": False}, "ticks": {"maxTicksLimit": 8, "maxRotation": 0}},
        "y": {"stacked": True, "beginAtZero": True, "grid": {"display": True}, "ticks": {"precision": 0}},
    },
}
"""Options of Chart.js: bars on top of each other, with a scale of whole calls."""

HOURS: Final = 24
TOP: Final = 8


def fill_in(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds numbers and charts to the admin's index; only for those who may see them."""
    if request.user.has_perm("operations.view_sessionrecord"):
        chart = {"per_hour": json.dumps(per_hour()), "chart": json.dumps(CHART)}
        context |= {"title": "Overview", "numbers": numbers(), "tools": tools(), **chart}
    return context


def numbers() -> list[dict[str, Any]]:
    live = SessionRecord.objects.filter(state=SessionRecord.State.LIVE)
    since = timezone.now() - datetime.timedelta(hours=1)
    calls = CallRecord.objects.filter(began__gte=since).aggregate(
        count=Count("id"), failed=Count("id", filter=~Q(outcome="ok")), mean=Avg("milliseconds")
    )
    by_transport = dict(live.values_list("transport").annotate(Count("uid")))
    running = live.aggregate(sum=Sum("in_flight"))["sum"] or 0
    shown = ", ".join(f"{count} {name}" for name, count in sorted(by_transport.items())) or "none"
    live_ones = reverse("admin:operations_sessionrecord_changelist") + "?state__exact=live"
    all_calls = reverse("admin:operations_callrecord_changelist")
    mean = f"{calls['mean'] or 0:.0f} ms"
    return [
        {"title": "Live sessions", "value": sum(by_transport.values()), "about": shown, "href": live_ones},
        {"title": "Calls running", "value": running, "about": "right now", "href": live_ones},
        {"title": "Calls", "value": calls["count"], "about": f"{calls['failed']} failed, last hour", "href": all_calls},
        {"title": "Mean duration", "value": mean, "about": "of a call, last hour", "href": all_calls},
    ]


def per_hour() -> dict[str, Any]:
    """Calls of the last day, as Chart.js data: those that went well, and those that did not."""
    first = timezone.now().replace(minute=0, second=0, microsecond=0) - datetime.timedelta(hours=HOURS - 1)
    rows = (
        CallRecord.objects.filter(began__gte=first)
        .annotate(hour=TruncHour("began"))
        .values_list("hour")
        .annotate(well=Count("id", filter=Q(outcome="ok")), badly=Count("id", filter=~Q(outcome="ok")))
    )
    found = {hour: (well, badly) for hour, well, badly in rows}
    hours = [first + datetime.timedelta(hours=number) for number in range(HOURS)]
    return {
        "labels": [hour.strftime("%H:00") for hour in hours],
        "datasets": [
            {"label": "ok", "data": [found.get(hour, (0, 0))[0] for hour in hours], "backgroundColor": "#16a34a"},
            {"label": "failed", "data": [found.get(hour, (0, 0))[1] for hour in hours], "backgroundColor": "#dc2626"},
        ],
    }


def tools() -> list[dict[str, Any]]:
    """The tools that were called most in the last day."""
    since = timezone.now() - datetime.timedelta(hours=HOURS)
    rows = (
        CallRecord.objects.filter(began__gte=since)
        .values("tool")
        .annotate(calls=Count("id"), failed=Count("id", filter=~Q(outcome="ok")), mean=Avg("milliseconds"))
        .order_by("-calls")[:TOP]
    )
    return [{**row, "mean": round(row["mean"] or 0)} for row in rows]
