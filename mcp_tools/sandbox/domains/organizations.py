"""Organizations of a tenant (Gauzy route ``/organization``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call
from mcp_tools.sandbox.relations import nobody, nothing
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import plain


class Organizations(Entity):
    def where(self, call: Call) -> Mapping[str, Any]:
        """Gauzy demands ``where[organizationId]`` here too, and has no such column: this list is never answered."""
        where = call.query.get("where")
        given: Mapping[str, Any] = where if isinstance(where, dict) else {}
        rules.demand(rules.organization(call, given, "where."))
        return given


organization = Organizations(
    "Organization",
    {
        **plain("name"), **plain("isDefault", False), **plain("profile_link banner totalEmployees short_description"),
        **plain("client_focus overview imageUrl"), **plain("currency", "USD"), **plain("valueDate"),
        **plain("defaultValueDateType", "TODAY"), **plain("defaultAlignmentType", "LEFT"), **plain("timeZone", "UTC"),
        **plain("regionCode brandColor"), **plain("dateFormat", "L"), **plain("officialName"),
        **plain("startWeekOn", "MONDAY"), **plain("taxId"), **plain("numberFormat", "USD"),
        **plain("minimumProjectSize bonusType bonusPercentage"), **plain("invitesAllowed", True),
        **plain("show_income show_profits show_bonuses_paid show_total_hours", False),
        **plain("show_minimum_project_size show_projects_count show_clients_count", True),
        **plain("show_clients show_employees_count", True),
        **plain("inviteExpiryPeriod", 7), **plain("fiscalStartDate fiscalEndDate registrationDate"),
        **plain("futureDateAllowed allowManualTime allowModifyTime allowDeleteTime allowTrackInactivity", True),
        **plain("inactivityTimeLimit", 10), **plain("activityProofDuration", 1),
        **plain("requireReason requireDescription requireProject requireTask requireClient", False),
        **plain("timeFormat", 12), **plain("separateInvoiceItemTaxAndDiscount", True),
        **plain("website fiscalInformation"), **plain("currencyPosition", "LEFT"),
        **plain("discountAfterTax defaultStartTime defaultEndTime defaultInvoiceEstimateTerms"),
        **plain("convertAcceptedEstimates daysUntilDue"), **plain("isRemoveIdleTime", False),
        **plain("allowScreenshotCapture", True),
        **plain("upworkOrganizationId upworkOrganizationName"), **plain("randomScreenshot trackOnSleep", False),
        **plain("screenshotFrequency", 10), **plain("enforced", False), **plain("standardWorkHoursPerDay", 8),
        **plain("allowAgentAppExit allowLogoutFromAgentApp", True), **plain("trackKeyboardMouseActivity", False),
        **plain("trackAllDisplays", True), **plain("contactId imageId"),
    },
    {"contact": nobody(), "tags": nothing(), "image": nobody()},
    extra={"image": None},
    scoped=False,
)  # fmt: skip

ROUTES = [
    get("/organization", organization.listing, "ALL_ORG_VIEW"),
    get("/organization/pagination", organization.paginate, "ALL_ORG_VIEW"),
    get("/organization/count", organization.count, "ALL_ORG_VIEW"),
    get("/organization/:id", organization.get),
]
