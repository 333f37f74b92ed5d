"""Cron jobs of several machines on one PostgreSQL."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from tests.processes import MANAGE, environment

COUNT = 4000


def test_two_processes_remove_each_client_once(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "INSERT INTO oauth2_provider_application (client_id, redirect_uris, client_type, authorization_grant_type,"
            " client_secret, name, skip_authorization, created, updated, algorithm, post_logout_redirect_uris,"
            " hash_client_secret, allowed_origins, registration_source) "
            "SELECT 'old-' || i, 'https://client.example/', 'public', 'authorization-code', '', 'Old', false,"
            " now() - interval '40 days', now() - interval '40 days', '', '', false, '', 'dcr'"
            f" FROM generate_series(1, {COUNT}) AS i"
        )
    variables = {
        "MCP_AUTH_ENABLED": "true",
        "MCP_AUTH_RESOURCE_URI": "http://localhost:3001",
        "DATABASE_URL": postgres_url,
    }
    jobs = [
        subprocess.Popen(
            [sys.executable, MANAGE, "remove_unused_clients"],
            env=environment(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [job.communicate(timeout=60) for job in jobs]
    assert [job.returncode for job in jobs] == [0, 0], told
    removed = [int(line.split()[-1]) for out, _ in told for line in out.splitlines() if line.startswith("clients")]
    assert sum(removed) == COUNT, removed
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT count(*) FROM oauth2_provider_application WHERE name = 'Old'").fetchone()
    assert row == (0,)
