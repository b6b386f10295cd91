# tries: has the sealed store run programs, read its machine's files and open connections, by SQL
# ends: fail objective-missed
# lab: rag-chaos
import asyncio
import os

import asyncpg
from attempts import attempt, later, say

ORDERS = [
    "CREATE TEMP TABLE t (line text); COPY t FROM PROGRAM 'env'",
    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/hostile'",
    "CREATE TEMP TABLE u (line text); COPY u FROM '/proc/self/environ'",
    "COPY (SELECT 'x') TO '/data/cluster/postgresql.auto.conf'",
    "SELECT pg_read_file('/proc/1/environ')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(lo_create(0), '/tmp/hostile')",
    "ALTER SYSTEM SET archive_command = 'touch /tmp/hostile'",
    "ALTER ROLE desk SUPERUSER",
    "SET ROLE brownout",
    "SET SESSION AUTHORIZATION brownout",
    "GRANT pg_execute_server_program TO desk",
    "CREATE ROLE hostile SUPERUSER LOGIN",
    "CREATE FUNCTION hostile() RETURNS int LANGUAGE c AS '/tmp/hostile', 'hostile'",
    "CREATE EXTENSION plpython3u",
    "CREATE EXTENSION plperlu",
    "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION adminpack",
    "LOAD '/tmp/hostile.so'",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "CREATE SUBSCRIPTION s CONNECTION 'host=172.17.0.1 port=@PORT@ dbname=x' PUBLICATION p WITH (connect = true)",
]


async def ordered(order):
    connection = await asyncpg.connect(os.environ["STORE"], timeout=3)
    try:
        return await connection.execute(order)
    finally:
        await connection.close(timeout=1)


async def logged_in(user):
    store = os.environ["STORE"].replace("desk:desk@", f"{user}@")
    connection = await asyncpg.connect(store, timeout=3)
    await connection.close(timeout=1)
    return user


def run():
    for order in ORDERS:
        attempt(order, lambda: asyncio.run(ordered(order)))  # noqa: B023
    for user in ("brownout:brownout", "brownout:", "postgres:postgres", "desk:"):
        attempt(f"as {user}", lambda: asyncio.run(logged_in(user)))  # noqa: B023
    say("TRIED all orders")


if os.environ.get("STORE"):
    later(run, 1.5)
