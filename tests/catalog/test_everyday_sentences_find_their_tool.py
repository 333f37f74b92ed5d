"""People say what they want in their own words; ``search_tools`` finds the tool for it."""

from __future__ import annotations

from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.search import Index, sayings

SENTENCES = {
    "start my timer on Apollo": "start_timer",
    "I'm done for today, clock me out": "stop_timer",
    "is my timer still running?": "timer_status",
    "how long did I work on Apollo this week": "get_time_totals get_time_totals_by_project",
    "what did the team do yesterday": "list_time_logs get_time_totals_by_employee get_recent_activity_logs",
    "log two hours on the website project for Monday": "add_time_log",
    "I forgot to stop the clock, correct yesterday's entry": "update_time_log",
    "who worked the most hours last month": "get_time_totals_by_employee",
    "hand in my timesheet": "submit_timesheets",
    "approve the timesheets of last week": "set_timesheet_status",
    "which apps and websites did people use": "get_activity_summary",
    "who is on leave tomorrow": "get_time_off_requests",
    "I want to take Friday off": "create_time_off_request",
    "how many vacation days have I taken this year": "get_my_time_off_balance",
    "approve Grace's holiday request": "approve_time_off_request",
    "which leave requests are waiting for me": "get_pending_time_off_requests",
    "what should I do today": "get_my_daily_plans get_my_tasks",
    "put the login bug on my plan for tomorrow": "add_task_to_daily_plan create_daily_plan",
    "show me all open tickets of Apollo": "get_tasks",
    "what is assigned to me": "get_my_tasks",
    "create a task to fix the login page": "create_task",
    "mark the task as done": "update_task",
    "give this ticket to Linus": "assign_task_to_employee update_task",
    "which tasks are overdue": "get_task_statistics get_tasks",
    "list our projects": "get_projects",
    "set up a new project for Acme": "create_project",
    "add Ada to the Apollo project": "assign_project_to_employee update_project",
    "who works here": "get_working_employees get_employees get_organization_members",
    "find the e-mail address of Grace": "get_employees get_organization_members",
    "hire a new developer as an employee": "create_employee update_candidate_status",
    "let an employee go": "soft_delete_employee",
    "raise Linus' hourly rate to 80": "update_employee",
    "how many people do we employ": "get_working_employees_count get_employee_count",
    "list our customers": "get_organization_contacts",
    "add Umbrella as a new lead": "create_organization_contact",
    "draft this month's invoices": "create_invoice",
    "which invoices are overdue": "get_invoices",
    "mail the invoice to the client": "send_invoice_email",
    "download invoice 1042 as a PDF": "download_invoice_pdf",
    "the client paid 500 dollars": "create_payment",
    "what did we spend on travel": "get_expenses",
    "submit a receipt for lunch": "create_expense",
    "how much did we earn this quarter": "get_incomes",
    "show my sales opportunities": "get_my_deals get_deals",
    "move the Acme deal to negotiation": "update_deal_stage",
    "what stages does our sales funnel have": "get_pipelines get_pipeline",
    "who applied for the designer job": "get_candidates_by_position get_candidates",
    "reject the applicant": "update_candidate_status",
    "our company OKRs for this quarter": "get_goals",
    "how far are we with the revenue goal": "get_goal get_goals update_goal_progress",
    "update the progress of a key result to 70 %": "update_key_result_progress",
    "who knows Python": "get_skills search_skills",
    "give Grace the employee of the month award": "create_employee_award",
    "comment on the task that it is blocked": "add_comment_to_task",
    "what changed recently": "get_recent_activity_logs",
    "who changed this project": "get_activity_logs_by_entity get_activity_timeline get_activity_logs",
    "who has the MacBook": "get_equipment",
    "lend a laptop to Linus": "assign_equipment",
    "what is in stock in the main warehouse": "get_warehouses get_warehouse get_products",
    "add a product to the catalogue": "create_product",
    "list the shops we sell in": "get_merchants",
    "which reports are there": "get_reports",
    "switch to my other company": "switch_organization",
    "who am I signed in as": "get_auth_status get_current_user",
    "is the connection to Gauzy working": "test_api_connection",
}  # fmt: skip
"""What is said, and the tools that serve it, the best first."""


def test_the_tool_is_among_the_first_five_and_mostly_the_first() -> None:
    index = Index(tool for tool in catalog() if tool.listed)
    known = {tool.name for tool in catalog()}
    assert not {name for names in SENTENCES.values() for name in names.split()} - known
    missed, second = [], []
    for said, names in SENTENCES.items():
        found = [tool.name for tool in index.search(said, 5)]
        if not set(names.split()) & set(found):
            missed.append((said, found))
        if found[:1] and found[0] not in names.split():
            second.append((said, found))
    assert len(missed) <= 0.05 * len(SENTENCES), missed
    assert len(second) <= 0.20 * len(SENTENCES), second


def test_sayings_are_of_tools_that_there_are() -> None:
    assert set(sayings()) <= {tool.name for tool in catalog() if tool.listed}
    assert all(len(said) >= 3 and "" not in said for said in sayings().values())
