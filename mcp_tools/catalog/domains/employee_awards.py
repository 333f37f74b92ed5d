"""Awards of employees (Gauzy route ``/employee-award``). Only who may edit the organization may use it."""

from __future__ import annotations

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.styles import Pages

YEAR = "^[0-9]{4}$"

award = Entity(
    "employee_award",
    "/employee-award",
    "employee_awards",
    columns={
        "employeeId": f.ref(required=True).as_once(),
        "name": f.text(required=True),
        "year": f.text(required=True, pattern=YEAR),
    },
    filters={"employeeId": f.ref(), "year": f.text(pattern=YEAR)},
    local={"search": containing("name")},
    names={"employeeName": "employee.fullName"},
    include=("employee", "employee.user"),
    sort=("year", "name", "createdAt", "updatedAt"),
    relations=("employee", "employee.user", "organization", "createdByUser"),
    merge=("name", "year"),
    # Unlike on other routes of that name, values stay text there.
    style=Pages(booleans=("1", "0")),
    by_list=True,
    wrapper="award_data",
)

TOOLS = [
    award.list("get_employee_awards", "Who was honoured for what, the latest first.", sort="-year"),
    award.list(
        "get_employee_awards_by_employee",
        "Awards of an employee.",
        require=("employeeId",),
        without=("search",),
        sort="-year",
        brief=True,
    ),
    award.list(
        "get_employee_awards_by_year",
        "Awards of a year.",
        require=("year",),
        without=("search",),
        sort="name",
        brief=True,
    ),
    award.count("get_employee_awards_count", "How many awards there are."),
    award.statistics("get_employee_awards_statistics", "Awards per year and person.", by=("year", "employeeName")),
    award.get("get_employee_award", "One award by id.", brief=True),
    award.create("create_employee_award", "Honour an employee with an award.").found_by("prize employee of the month"),
    award.update("update_employee_award", "Change the name or year of an award."),
    award.delete("delete_employee_award", "Delete an award for good."),
    award.bulk_create("bulk_create_employee_awards", "Add up to 50 awards.", "awards"),
    award.bulk_update("bulk_update_employee_awards", "Change up to 50 awards.", "awards"),
    award.bulk_delete("bulk_delete_employee_awards", "Delete up to 50 awards for good."),
]
