"""A real PostgreSQL server for tests: the one named by CHAPIAO_TEST_POSTGRESQL, else one started from the system's
binaries in a temporary folder, on a socket there, and ended with the test session. Skips where there is neither.
No test of invented values has a time to keep.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text

hypothesis.settings.register_profile("chapiao", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("chapiao")

NAMED = os.environ.get("CHAPIAO_TEST_POSTGRESQL", "")
ABSENT = "no PostgreSQL here: install Debian's `postgresql`, or name a server in CHAPIAO_TEST_POSTGRESQL"


def _binaries() -> Path | None:
    """Debian keeps them out of the path, one folder a version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: int(bin_.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a server where databases may be created."""
    if NAMED:
        yield NAMED
        return
    binaries = _binaries()
    if binaries is None:
        pytest.skip(ABSENT)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must be short
    user: str | None = None
    if os.getuid() == 0:  # the server refuses to run as root
        user = next((name for name in ("postgres", "nobody") if _exists(name)), None)
        if user is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other user here")
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(folder / "data"), *arguments]
        with (folder.parent / f"{folder.name}.log").open("ab") as log:  # a pipe would be held open by the server
            subprocess.run(command, check=True, user=user, cwd=folder, stdout=log, stderr=log)

    try:
        run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")
        run("pg_ctl", "-w", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start")
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[Callable[[str], str]]:
    """Makes a database of the test's own, as a copy of `template`, and drops it afterwards."""
    server = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def create(template: str) -> str:
        made.append(f"chapiao_{uuid.uuid4().hex[:12]}")
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]} TEMPLATE {template}"))
        return make_url(postgresql_server).set(database=made[-1]).render_as_string(hide_password=False)

    yield create
    with server.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
