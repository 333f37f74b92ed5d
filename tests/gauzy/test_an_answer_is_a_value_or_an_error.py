"""What Gauzy answers, and what it means: values, refusals in its own words, errors in disguise."""

from __future__ import annotations

import gzip
import traceback
from typing import Any

import pytest

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.errors import Forbidden, GauzyError, GauzyFault, GauzyRejected, Invalid, NotFound
from mcp_tools.gauzy.pool import MAX_ANSWER
from tests.gauzy.stand_in import StandIn, says

SQL = 'INSERT INTO "task"("title") VALUES (?)'


@pytest.mark.parametrize(
    ("body", "value"),
    [(b"42", 42), (b"true", True), (b"false", False), (b'"x"', "x"), (b" 7\n", 7), (b"null", None), (b"[]", [])],
)
async def test_counts_and_booleans_come_as_bare_text(api: GauzyApi, gauzy: StandIn, body: bytes, value: object) -> None:
    gauzy.on("GET", "/tasks/count", says(body=body, Content_Type="text/html"))
    assert await api.request("GET", "/tasks/count") == value


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_an_empty_answer_is_none(api: GauzyApi, gauzy: StandIn, status: int) -> None:
    gauzy.on("DELETE", "/tasks/1", says(body=b"", status=status))
    assert await api.request("DELETE", "/tasks/1") is None


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_2xx_that_holds_only_a_message_is_an_error(api: GauzyApi, gauzy: StandIn, status: int) -> None:
    gauzy.on("PUT", "/tasks/1", says({"message": 'Property "nope" was not found in "Task"'}, status))
    with pytest.raises(GauzyFault, match='could not do this: Property "nope"') as failed:
        await api.request("PUT", "/tasks/1", body={})
    assert failed.value.status == status
    assert gauzy.count("PUT", "/tasks/1") == 1


async def test_a_message_beside_other_keys_is_a_value(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/x", says({"message": "hello", "id": 1}))
    assert await api.request("GET", "/x") == {"message": "hello", "id": 1}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Invalid), (403, Forbidden), (404, NotFound), (406, Invalid), (409, Invalid), (422, Invalid)],
)
async def test_refusals_keep_gauzys_words(api: GauzyApi, gauzy: StandIn, status: int, kind: type[GauzyError]) -> None:
    told = ["title should not be empty", "status must be a string"]
    gauzy.on("POST", "/tasks", says({"message": told, "error": "Bad Request", "statusCode": status}, status))
    with pytest.raises(kind) as failed:
        await api.request("POST", "/tasks", body={})
    assert isinstance(failed.value, GauzyRejected)
    assert failed.value.messages == tuple(told)
    assert str(failed.value) == f"Gauzy refused this ({status}): {told[0]}; {told[1]}"


async def test_the_missing_permission_is_put_in_words(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/roles", says({"message": "Forbidden resource", "statusCode": 403}, 403))
    with pytest.raises(Forbidden, match="no permission"):
        await api.request("GET", "/roles")


@pytest.mark.parametrize(
    "body",
    [
        {"query": SQL, "parameters": ["p-secret"], "driverError": {"code": "SQLITE_CONSTRAINT"}},
        {"response": {"query": SQL, "parameters": ["p-secret"]}},
        {"message": {"query": SQL, "parameters": ["p-secret"]}},
        {"message": [{"query": SQL}, f"failed: {SQL} with p-secret"]},
        {"message": f"QueryFailedError: {SQL} -- p-secret"},
        {"message": "SELECT p-secret\nFROM tasks"},
        {},
        [],
        "p-secret",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
async def test_sql_is_never_told(api: GauzyApi, gauzy: StandIn, status: int, body: Any) -> None:
    gauzy.on("POST", "/tasks", says(body, status))
    try:
        await api.request("POST", "/tasks", body={})
    except GauzyError as error:
        told = "".join(traceback.format_exception(error)) + repr(error)
        assert "INSERT" not in told
        assert "SELECT" not in told
        assert "p-secret" not in told
    else:
        assert status == 200


async def test_endless_messages_are_cut(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("POST", "/tasks", says({"message": ["x" * 10_000] * 1000}, 400))
    with pytest.raises(Invalid) as failed:
        await api.request("POST", "/tasks", body={})
    assert len(str(failed.value)) < 5000


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"OK", b"{", b"\xff\xfe", b"[" * 5000, b"NaN"])
async def test_what_is_not_json_points_at_the_address(api: GauzyApi, gauzy: StandIn, body: bytes) -> None:
    gauzy.on("GET", "/tasks", says(body=body))
    with pytest.raises(GauzyFault, match="not JSON; is API_BASE_URL"):
        await api.request("GET", "/tasks")
    assert gauzy.count("GET", "/tasks") == 1, "asking again would not help"


async def test_an_error_page_in_html_is_an_error_all_the_same(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/tasks", says(body=b"<html>not here</html>", status=404))
    with pytest.raises(NotFound, match="no reason given"):
        await api.request("GET", "/tasks")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_redirect_is_not_followed_and_is_no_success(
    api: GauzyApi, gauzy: StandIn, status: int, method: str
) -> None:
    gauzy.on(method, "/tasks", says(body=b"", status=status, Location=f"{gauzy.url}/api/elsewhere"))
    with pytest.raises(GauzyFault, match=rf"redirect \({status}\); API_BASE_URL"):
        await api.request(method, "/tasks")
    assert gauzy.seen == [(method, "/tasks")]


async def test_an_answer_beyond_the_limit_is_refused(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/big", says(body=b'"' + b"x" * MAX_ANSWER + b'"'))
    with pytest.raises(GauzyFault, match=f"larger than {MAX_ANSWER} bytes"):
        await api.request("GET", "/big")
    assert gauzy.count("GET", "/big") == 1


async def test_a_small_answer_that_unpacks_beyond_the_limit_is_refused(api: GauzyApi, gauzy: StandIn) -> None:
    packed = gzip.compress(b'"' + b"x" * MAX_ANSWER + b'"')
    gauzy.on("GET", "/bomb", says(body=packed, Content_Encoding="gzip"))
    with pytest.raises(GauzyFault, match=f"larger than {MAX_ANSWER} bytes"):
        await api.request("GET", "/bomb")


async def test_a_large_answer_within_the_limit_is_read(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/big", says(["x" * 1000] * 5000))
    assert len(await api.request("GET", "/big")) == 5000


async def test_a_filter_that_makes_no_url_is_an_error_in_words(api: GauzyApi) -> None:
    with pytest.raises(GauzyFault, match="is a filter too long"):
        await api.request("GET", "/tasks", query=[("where[title]", "x" * 70_000)])
