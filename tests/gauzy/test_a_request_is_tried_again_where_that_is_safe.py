"""Retries: reads only, within a budget of time, honouring Retry-After; and the circuit breaker behind them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from mcp_tools.gauzy.api import ATTEMPTS, MAX_WAIT_SECONDS, GauzyApi
from mcp_tools.gauzy.breaker import FAILURES, OPEN_SECONDS
from mcp_tools.gauzy.errors import CircuitOpen, GauzyBusy, GauzyError, GauzyFault, GauzyUnreachable
from tests.gauzy.conftest import MakeApi, Time
from tests.gauzy.stand_in import StandIn, breaks_off, says

UNAVAILABLE = says({"message": "down"}, 503)


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_read_is_tried_again_until_gauzy_is_back(
    api: GauzyApi, gauzy: StandIn, time: Time, status: int
) -> None:
    gauzy.on("GET", "/tasks", says(None, status), says(None, status), says({"items": []}))
    assert await api.request("GET", "/tasks") == {"items": []}
    assert len(time.waits) == 2
    assert all(wait > 0 for wait in time.waits)


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_read_is_given_up_after_some_attempts(api: GauzyApi, gauzy: StandIn, status: int) -> None:
    gauzy.on("GET", "/tasks", says(None, status))
    with pytest.raises((GauzyBusy, GauzyFault)) as failed:
        await api.request("GET", "/tasks")
    assert failed.value.status == status
    assert gauzy.count("GET", "/tasks") == ATTEMPTS


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_write_is_never_sent_twice(api: GauzyApi, gauzy: StandIn, method: str, status: int) -> None:
    gauzy.on(method, "/tasks/1", says(None, status, Retry_After="0"))
    with pytest.raises(GauzyError):
        await api.request(method, "/tasks/1", body={})
    assert gauzy.count(method, "/tasks/1") == 1


async def test_a_write_whose_connection_breaks_is_not_sent_twice(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("POST", "/tasks", breaks_off)
    with pytest.raises(GauzyUnreachable):
        await api.request("POST", "/tasks", body={})
    assert gauzy.count("POST", "/tasks") == 1


async def test_a_read_whose_connection_breaks_is_tried_again(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("GET", "/tasks", breaks_off, says([1]))
    assert await api.request("GET", "/tasks") == [1]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 501])
async def test_what_another_attempt_would_not_change_is_asked_once(api: GauzyApi, gauzy: StandIn, status: int) -> None:
    gauzy.on("GET", "/tasks", says(None, status))
    with pytest.raises(GauzyError):
        await api.request("GET", "/tasks")
    assert gauzy.count("GET", "/tasks") == 1


async def test_retry_after_is_waited_for(api: GauzyApi, gauzy: StandIn, time: Time) -> None:
    gauzy.on("GET", "/tasks", says(None, 429, Retry_After="3"), says([1]))
    assert await api.request("GET", "/tasks") == [1]
    assert time.waits == [3]


@pytest.mark.parametrize("told", ["60", "5", "999999999"])
async def test_a_longer_retry_after_is_passed_on(api: GauzyApi, gauzy: StandIn, time: Time, told: str) -> None:
    gauzy.on("GET", "/tasks", says(None, 429, Retry_After=told))
    with pytest.raises(GauzyBusy, match="limits how often it may be asked; try again in") as failed:
        await api.request("GET", "/tasks")
    assert failed.value.retry_after == float(told) > MAX_WAIT_SECONDS
    assert (gauzy.count("GET", "/tasks"), time.waits) == (1, [])


@pytest.mark.parametrize("told", ["", "soon", "-1", "1.5", "²", "٣", "9" * 400, "Wed, 99 Foo 2026 99:99:99 GMT"])
async def test_a_retry_after_that_makes_no_sense_is_a_short_wait(
    api: GauzyApi, gauzy: StandIn, time: Time, told: str
) -> None:
    async def busy(_: object) -> object:
        return await says(None, 429, **({"Retry_After": told} if told else {}))(_)  # type: ignore[arg-type]

    gauzy.on("GET", "/tasks", busy, says([1]))  # type: ignore[arg-type]
    assert await api.request("GET", "/tasks") == [1]
    assert time.waits == [1]


async def test_a_retry_after_may_be_a_date(api: GauzyApi, gauzy: StandIn, time: Time) -> None:
    past, future = (format_datetime(datetime.now(UTC) + timedelta(days=days), usegmt=True) for days in (-1, 1))
    gauzy.on("GET", "/past", says(None, 503, Retry_After=past), says([1]))
    assert await api.request("GET", "/past") == [1]
    gauzy.on("GET", "/future", says(None, 503, Retry_After=future))
    with pytest.raises(GauzyBusy):
        await api.request("GET", "/future")
    assert gauzy.count("GET", "/future") == 1


async def test_zero_is_no_leave_to_ask_without_pause(api: GauzyApi, gauzy: StandIn, time: Time) -> None:
    gauzy.on("GET", "/tasks", says(None, 503, Retry_After="0"))
    with pytest.raises(GauzyBusy):
        await api.request("GET", "/tasks")
    assert len(time.waits) == ATTEMPTS - 1
    assert all(wait > 0 for wait in time.waits)


async def test_all_attempts_together_stay_within_the_timeout(gauzy: StandIn, make_api: MakeApi, time: Time) -> None:
    api = make_api(gauzy.url, timeout_ms=3_500)
    gauzy.on("GET", "/tasks", says(None, 503, Retry_After="2"))
    began = time()
    with pytest.raises(GauzyBusy):
        await api.request("GET", "/tasks")
    assert time.waits == [2], "a second wait would end after the time is up"
    assert time() - began < 3.5


async def test_the_circuit_opens_after_a_row_of_failures_and_closes_when_gauzy_is_back(
    api: GauzyApi, gauzy: StandIn, time: Time
) -> None:
    gauzy.on("POST", "/tasks", *[UNAVAILABLE] * (FAILURES + 1), says({"id": 1}))
    for _ in range(FAILURES):
        with pytest.raises(GauzyBusy):
            await api.request("POST", "/tasks", body={})
    for _ in range(3):
        with pytest.raises(CircuitOpen, match=f"failed {FAILURES} times in a row; it is asked again in 10 seconds"):
            await api.request("GET", "/health")
    assert len(gauzy.seen) == FAILURES, "while it is open nothing is asked"

    time.now += OPEN_SECONDS
    with pytest.raises(GauzyBusy):
        await api.request("POST", "/tasks", body={})
    with pytest.raises(CircuitOpen):
        await api.request("POST", "/tasks", body={})

    time.now += OPEN_SECONDS
    assert await api.request("POST", "/tasks", body={}) == {"id": 1}
    assert await api.request("POST", "/tasks", body={}) == {"id": 1}


async def test_only_one_request_probes_whether_gauzy_is_back(api: GauzyApi, gauzy: StandIn, time: Time) -> None:
    gauzy.on("POST", "/tasks", *[UNAVAILABLE] * FAILURES, says({"id": 1}))
    for _ in range(FAILURES):
        with pytest.raises(GauzyBusy):
            await api.request("POST", "/tasks", body={})
    time.now += OPEN_SECONDS
    asked = [api.request("POST", "/tasks", body={}) for _ in range(5)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [dict, *[CircuitOpen] * 4]
    assert len(gauzy.seen) == FAILURES + 1


async def test_refusals_and_failures_of_single_routes_do_not_open_the_circuit(api: GauzyApi, gauzy: StandIn) -> None:
    for status in (400, 404, 429, 500):
        gauzy.on("POST", f"/{status}", says(None, status))
        for _ in range(FAILURES + 1):
            with pytest.raises(GauzyError) as failed:
                await api.request("POST", f"/{status}", body={})
            assert not isinstance(failed.value, CircuitOpen)


async def test_one_success_starts_the_row_anew(api: GauzyApi, gauzy: StandIn) -> None:
    row = [*[UNAVAILABLE] * (FAILURES - 1), says({"id": 1})]
    gauzy.on("POST", "/tasks", *row, *row)
    for _ in range(2):
        for _ in range(FAILURES - 1):
            with pytest.raises(GauzyBusy):
                await api.request("POST", "/tasks", body={})
        assert await api.request("POST", "/tasks", body={}) == {"id": 1}
