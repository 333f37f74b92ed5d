"""What a tool does is declared, and annotations, scope and read-only mode follow from it.

That no tool sends more than its effect allows is shown with every argument of it, in
``test_every_tool_keeps_the_promise_of_its_kind``.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from gauzy_mcp.rehearsal import rehearsing
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.authorise import Denied, Policy
from oauth_resource.principal import ANONYMOUS

SESSION_ONLY: Final = {"login", "logout", "refresh_auth_token", "switch_organization"}
MAILS_OR_PUBLISHES: Final = {
    "create_candidate", "update_candidate_status", "create_employee", "bulk_create_employees",
    "invite_organization_contact", "send_invoice_email", "generate_invoice_link", "set_timesheet_status",
    "submit_timesheets", "call_tool",
}  # fmt: skip
DECISIONS: Final = {
    "APPROVED", "DENIED", "HIRED", "REJECTED", "ACCEPTED", "PAID", "FULLY_PAID", "PARTIALLY_PAID", "OVERPAID", "VOID",
}  # fmt: skip
"""Values of arguments that decide about a person or money."""
DECIDES_BY_ITSELF: Final = {
    "approve_time_off_request", "deny_time_off_request", "update_estimate_status", "process_payment", "create_payment",
    "update_payment", "update_payment_status", "refund_payment", "create_employee", "bulk_create_employees",
    "update_employee", "soft_delete_employee", "restore_employee", "assign_equipment", "call_tool",
}  # fmt: skip
each_tool = pytest.mark.parametrize("tool", list(catalog()), ids=lambda tool: tool.name)


def offers(schema: Any) -> set[str]:
    """Every value that an argument may be chosen to have, at any depth."""
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return set(map(str, schema.get("enum", ()))).union(*map(offers, inner))


@each_tool
def test_annotations_and_scope_follow_from_the_effect(tool: Tool) -> None:
    assert tool.annotations["readOnlyHint"] is (tool.effect == "reads")
    assert tool.annotations["destructiveHint"] is (tool.effect == "deletes")
    assert tool.annotations["openWorldHint"] is tool.reaches_outside
    reads = tool.effect == "reads" or tool.session_only or tool.forwards
    assert (tool.scope == "mcp.read") is reads


@each_tool
def test_read_only_lets_pass_what_reads_and_nothing_else(tool: Tool) -> None:
    passes = tool.effect == "reads" or tool.name in {*SESSION_ONLY, "call_tool"}
    assert Policy(read_only=True).allows(ANONYMOUS, tool) is passes
    assert Policy().allows(ANONYMOUS, tool, read_only=True) is passes
    if not passes:
        with pytest.raises(Denied, match="read-only"):
            Policy(read_only=True).check(ANONYMOUS, tool)


def test_few_tools_act_on_the_session_only() -> None:
    assert {tool.name for tool in catalog() if tool.session_only} == SESSION_ONLY


def test_who_mails_people_or_makes_something_public_is_known() -> None:
    assert {tool.name for tool in catalog() if tool.reaches_outside} == MAILS_OR_PUBLISHES


def test_a_tool_that_offers_the_words_of_a_decision_decides() -> None:
    offering = {one.name for one in catalog() if one.effect != "reads" and DECISIONS & offers(one.argument_schema)}
    assert {tool.name for tool in catalog() if tool.decides} == offering | DECIDES_BY_ITSELF


async def test_tools_of_a_single_request_are_held_to_reading_too() -> None:
    """Those without records of Gauzy: what they ask for the account is a GET as well."""
    given = {"search_tools": {"query": "invoices"}}
    async with rehearsing() as rehearsal:
        for tool in catalog():
            if tool.kind == "local" and tool.effect == "reads":
                outcome = await rehearsal.call(tool.name, given.get(tool.name, {}))
                assert outcome.error is None
                assert {asked.method for asked in outcome.requests} <= {"GET"}, tool.name
