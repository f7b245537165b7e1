"""A data folder with twenty documents that wait, and workers in processes of their own that can be killed.

SQLite always; PostgreSQL as well where CHAPIAO_TEST_POSTGRESQL holds the SQLAlchemy address of a server.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

import samples
from capture.intake import take_in
from capture.store import OriginalStore
from matching.companies import add_company
from models.database import migrate, open_engine, session_factory, transaction
from models.settings import Settings
from samples.truth import Medium

POSTGRESQL = os.environ.get("CHAPIAO_TEST_POSTGRESQL", "")
PHOTO = samples.FINISHED / "07-ordinary-paper-photo.jpg"
CHAPIAO = [sys.executable, "-c", "from api.cli import main; main()"]


class Installation:
    """A data folder, its database, and its workers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        migrate(settings.resolved_database_url)
        self.engine: Engine = open_engine(settings.resolved_database_url)
        self.sessions: sessionmaker[Session] = session_factory(self.engine)
        self.workers: list[subprocess.Popen[bytes]] = []

    def take(self, *paths: Path) -> None:
        store = OriginalStore(self.settings.originals)
        for path in paths:
            with transaction(self.sessions) as session:
                take_in(session, store, self.settings, name=path.name, source=path, channel="cli")

    def start_worker(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "CHAPIAO_DATA": str(self.settings.data),
            "CHAPIAO_DATABASE_URL": self.settings.resolved_database_url,
            "PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")]),
        }
        worker = subprocess.Popen([*CHAPIAO, "worker"], env=environment, cwd=self.settings.data)
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

    def wait_for(self, condition: Callable[[Session], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            with self.sessions() as session:
                if condition(session):
                    return
            assert time.monotonic() < deadline, "not within the time"
            time.sleep(0.02)

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.terminate()
        for worker in self.workers:
            worker.wait(timeout=30)
        self.engine.dispose()


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None means SQLite in the data folder; on a PostgreSQL server each test gets a database of its own."""
    if request.param == "sqlite":
        return None
    name = f"chapiao_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def installation(tmp_path: Path, database_url: str | None) -> Iterator[Installation]:
    data = tmp_path / "data"
    data.mkdir()
    made = Installation(Settings(data=data, database_url=database_url))
    yield made
    made.close()


@pytest.fixture
def twenty(installation: Installation, tmp_path: Path) -> Installation:
    """Nineteen documents that take milliseconds, and one photo that takes seconds."""
    folder = tmp_path / "documents"
    truths = samples.generate(folder, seed=7, count=19, media=[Medium.XML])
    with transaction(installation.sessions) as session:
        buyer = truths[0].invoice.buyer
        assert buyer.tax_id
        add_company(session, name=buyer.name, tax_id=buyer.tax_id)
    files = sorted(folder.glob("*.xml"))
    assert len(files) == 19
    installation.take(*files[:5], PHOTO, *files[5:])
    return installation
