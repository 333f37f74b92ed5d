"""From the search to the answer, by mouse and by keyboard."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.browser.console.driven import Console


def test_tools_stand_by_toolset_with_what_they_may_do(desk: Console) -> None:
    core = desk.button("Core 31")
    expect(core).to_have_attribute("aria-expanded", "true")
    shown = {
        name: desk.page.locator(f".item[data-tool='{name}'] .badge").first for name in ("get_tasks", "create_task")
    }
    assert {name: mark.inner_text() for name, mark in shown.items()} == {"get_tasks": "read", "create_task": "write"}
    desk.page.get_by_role("button", name=re.compile("^Projects ")).click()
    expect(desk.page.locator(".item[data-tool='delete_project'] .badge")).to_have_text("destructive")


def test_the_keyboard_alone_finds_fills_in_and_runs(desk: Console) -> None:
    page = desk.page
    page.keyboard.press("/")
    page.keyboard.type("projects")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".item").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#tool .name code")).to_have_text("get_projects")
    page.keyboard.press("Tab")
    desk.argument("name").focus()
    page.keyboard.type("apollo")
    page.keyboard.press("Control+Enter")
    expect(desk.facts).to_contain_text("1 of 1 records")
    page.keyboard.press("Escape")
    expect(page.locator(".item[data-tool='get_projects']").first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")


def test_words_that_no_tool_has_find_what_they_mean(desk: Console) -> None:
    desk.page.locator("#search").fill("who is on holiday")
    expect(desk.page.locator("#tools .empty")).to_contain_text("Closest by meaning")
    expect(desk.page.locator(".item[data-tool*='time_off']").first).to_be_visible()


def test_a_record_is_chosen_by_its_name(desk: Console) -> None:
    desk.choose("get_tasks")
    project = desk.argument("projectId")
    project.click()
    expect(desk.page.get_by_role("option", name="Apollo")).to_be_visible()
    project.press_sequentially("customer")
    expect(desk.page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    project.press("ArrowDown")
    project.press("Enter")
    expect(project).to_have_value("Customer Portal")
    desk.run()
    desk.tab("Text")
    names = {item["projectName"] for item in json.loads(desk.answer.locator("pre:visible").inner_text())["items"]}
    assert names == {"Customer Portal"}


def test_the_id_of_a_record_is_chosen_among_its_kind(desk: Console) -> None:
    desk.choose("update_employee")
    desk.argument("id").click()
    expect(desk.page.get_by_role("option", name="Alex Morgan")).to_be_visible()


def test_an_answer_is_a_table_json_and_text_with_its_size(desk: Console) -> None:
    desk.call("get_projects", name="a")
    expect(desk.facts).to_have_text(re.compile(r"get_projects · \d+ of \d+ records · .+ m?s · about [\d,]+ tokens"))
    heads = desk.answer.locator("th")
    assert heads.first.inner_text() == "Name"
    desk.page.get_by_role("button", name="Name", exact=True).click()
    expect(heads.first).to_have_attribute("aria-sort", "ascending")
    names = desk.answer.locator("tbody tr td:first-child").all_inner_texts()
    assert names == sorted(names)
    desk.tab("JSON")
    assert {row["name"] for row in json.loads(desk.answer.locator("pre:visible").inner_text())["items"]} == set(names)


def test_pages_follow_each_other(desk: Console) -> None:
    desk.choose("get_tasks")
    desk.page.get_by_text("Paging and format").click()
    desk.enter("limit", "5")
    desk.run()
    expect(desk.facts).to_contain_text("5 of ")
    first = desk.answer.locator("tbody tr").first.inner_text()
    desk.button("Next page").click()
    expect(desk.answer.locator("tbody tr").first).not_to_have_text(first)
    expect(desk.argument("page")).to_have_value("2")


def test_nested_arguments_go_from_the_form_to_json_and_back(desk: Console) -> None:
    desk.choose("bulk_create_tasks")
    desk.button("Add task").click()
    desk.enter("title", "From a form")
    desk.page.locator("#tool").get_by_role("button", name="JSON").click()
    text = desk.page.get_by_label("Arguments as JSON")
    assert json.loads(text.input_value()) == {"tasks": [{"title": "From a form"}]}
    text.fill("{ not json")
    desk.page.locator("#tool").get_by_role("button", name="JSON").click()
    expect(desk.page.locator("#json-problem")).to_contain_text("This is no JSON")
    text.fill('{"tasks": [{"title": "One"}, {"title": "Two", "priority": "high"}], "kept": true}')
    desk.page.locator("#tool").get_by_role("button", name="JSON").click()
    titles = desk.page.locator("#tool .field", has=desk.page.locator("label code:text-is('title')")).locator("input")
    assert [titles.nth(place).input_value() for place in range(2)] == ["One", "Two"]
    desk.page.locator("#tool").get_by_role("button", name="JSON").click()
    assert json.loads(text.input_value())["kept"] is True


def test_what_is_missing_or_wrong_is_told_at_its_field(desk: Console) -> None:
    desk.choose("create_task")
    desk.run()
    expect(desk.argument("title")).to_be_focused()
    expect(desk.argument("title")).to_have_attribute("aria-invalid", "true")
    expect(desk.page.get_by_text("Enter title.")).to_be_visible()
    desk.enter("estimateSeconds", "-5")
    desk.enter("title", "x")
    desk.run()
    expect(desk.argument("estimateSeconds")).to_be_focused()
    expect(desk.state("empty")).to_be_visible()


def test_a_call_of_the_history_is_run_again(desk: Console) -> None:
    desk.call("get_projects", name="apollo")
    expect(desk.facts).to_contain_text("1 of 1")
    desk.choose("get_employees")
    desk.button("History").click()
    desk.button("Run again: get_projects").click()
    expect(desk.argument("name")).to_have_value("apollo")
    expect(desk.facts).to_contain_text("get_projects · 1 of 1")
    desk.button("History").click()
    expect(desk.page.locator(".history > li")).to_have_count(2)


def test_the_log_shows_every_message_but_no_password(desk: Console) -> None:
    desk.call("login", email="nobody@example.com", password="my-own-password")
    expect(desk.state("failed")).to_be_visible()
    desk.button("Log").click()
    sent = desk.page.locator(".frames li", has_text="tools/call").first
    sent.locator("summary").click()
    expect(sent.locator("pre")).to_contain_text("nobody@example.com")
    desk.page.get_by_label("Messages to show").select_option("in")
    expect(desk.page.locator(".frames .way.out")).to_have_count(0)
    kept = desk.page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage) + document.body.innerText")
    assert "my-own-password" not in kept


def test_markup_in_an_answer_is_text(desk: Console) -> None:
    hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    desk.call("create_project", name=hostile)
    expect(desk.facts).to_be_visible()
    for tab in ("Table", "JSON", "Text"):
        desk.tab(tab)
        expect(desk.answer.get_by_text("<img src=x").filter(visible=True).first).to_be_visible()
    desk.choose("get_tasks")
    desk.argument("projectId").click()
    expect(desk.page.get_by_role("option", name="<img src=x")).to_be_visible()
    assert desk.page.locator("img[src='x']").count() == 0
    assert "taken" not in desk.page.title()


def test_an_address_opens_its_tool(desk: Console) -> None:
    desk.visit("/#get_employees")
    expect(desk.page.locator("#tool .name code")).to_have_text("get_employees")
    desk.visit("/#no_such_tool")
    desk.page.reload()
    expect(desk.state("unknown")).to_contain_text("no_such_tool")
