"""A service on a database and a store of its own, with four people, driven in-process. Reading uses real readers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from api.accounts import passwords
from api.accounts.tokens import create_token
from api.app import create_app
from api.pipeline import documents
from api.pipeline.reading import read_whole
from capture.store import OriginalStore
from matching.companies import add_company, find_company
from matching.importing import import_records
from models.database import migrate, open_engine, session_factory, transaction
from models.settings import Settings
from models.tables import DocumentRow, User
from models.tables.accounts import Role

SAMPLES = Path("samples/finished")
PASSWORD = "correct horse 9"
PEOPLE = {"boss": Role.ADMINISTRATOR, "acc": Role.ACCOUNTANT, "acc2": Role.ACCOUNTANT, "staff": Role.STAFF}
#: the same algorithm with a fraction of the work, because tests log in hundreds of times
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_HASH = passwords.hash_password(PASSWORD)
TODAY = date(2024, 7, 1)
LEDGER = SAMPLES / "全量发票查询导出结果.xlsx"
COMPANY = json.loads((SAMPLES / "companies.json").read_text(encoding="utf-8"))["companies"][0]
#: two invoices of another seller, at both ends of the month
JUNE = f"""数电发票号码,开票日期,购方识别号,购买方名称,销方识别号,销方名称,金额,税额,价税合计
24312000000770000001,2024-06-01,{COMPANY["tax_id"]},{COMPANY["name"]},91320500MA2ABCDE9X,苏州红杉物业有限公司,50.00,3.00,53.00
24312000000770000003,2024-06-30,{COMPANY["tax_id"]},{COMPANY["name"]},91320500MA2ABCDE9X,苏州红杉物业有限公司,50.00,3.00,53.00
"""
TRUTH = {
    row["file"]: row["truth"]
    for row in map(json.loads, (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
}


class Service:
    """The application under test, and a few ways to set a scene."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.settings: Settings = app.state.settings

    @contextmanager
    def session(self) -> Iterator[Session]:
        with transaction(self.app.state.sessions) as session:
            yield session

    def anybody(self) -> TestClient:
        """A browser without a login; requests carry what browsers send from the site's own pages."""
        return TestClient(self.app, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)

    def browser(self, username: str) -> TestClient:
        client = self.anybody()
        answer = client.post("/login", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    def program(self, username: str) -> TestClient:
        """Another system with a bearer token of `username`."""
        with self.session() as session:
            user = session.query(User).filter_by(username=username).one()
            _, secret = create_token(session, user, "test")
        return TestClient(self.app, headers={"Authorization": f"Bearer {secret}"})

    def upload(self, client: TestClient, *files: Path | tuple[str, bytes], **fields: str) -> list[dict[str, object]]:
        named = [(f.name, f.read_bytes()) if isinstance(f, Path) else f for f in files]
        answer = client.post(
            "/upload", files=[("files", each) for each in named], data=fields, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 200, answer.text
        results: list[dict[str, object]] = answer.json()["results"]
        return results

    def read(self, document_id: str, today: date = TODAY) -> None:
        """What a worker does with a document, in this process."""
        sessions = self.app.state.sessions
        begun = documents.begin(sessions, document_id, 1)
        assert begun is not None
        data = OriginalStore(self.settings.originals).read(begun.sha256)
        documents.store_reading(sessions, document_id, read_whole(data, begun.name, self.settings), 0.1)
        documents.match_invoices(sessions, document_id, self.settings, today)
        documents.draft_invoices(sessions, document_id)
        documents.finish(sessions, document_id)

    def bring(self, client: TestClient, name: str, today: date = TODAY) -> str:
        """Upload a finished sample and read it; its document id."""
        (result,) = self.upload(client, SAMPLES / name)
        document_id = str(result["document_id"])
        self.read(document_id, today)
        return document_id

    def bring_absent(self, client: TestClient, name: str = "03-digital-special.xml") -> str:
        """Upload and read a sample whose month was imported since, without it: its draft is not on hold."""
        with self.session() as session:
            import_records(session, JUNE.encode(), "进项.csv", owner_tax_id=COMPANY["tax_id"])
        return self.bring(client, name, today=date(2024, 7, 20))

    def truth(self, name: str) -> dict[str, str]:
        """What a finished sample really says."""
        fields: dict[str, str] = TRUTH[name]
        return fields

    def register_company(self) -> None:
        with self.session() as session:
            add_company(session, name=COMPANY["name"], tax_id=COMPANY["tax_id"])

    def company_id(self, tax_id: str) -> int:
        with self.session() as session:
            return find_company(session, tax_id).id

    def invoice_id(self, document_id: str) -> int:
        with self.session() as session:
            return session.get_one(DocumentRow, document_id).invoices[0].id


@pytest.fixture(scope="session")
def database_with_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the four people in it, copied for each test: migrating each time takes long."""
    settings = Settings(data=tmp_path_factory.mktemp("people"))
    migrate(settings.resolved_database_url)
    engine = open_engine(settings.resolved_database_url)
    with transaction(session_factory(engine)) as session:
        for username, role in PEOPLE.items():
            session.add(
                User(username=username, display_name=username.title(), role=role.value, password_hash=_HASH,
                     must_change_password=False, disabled=False, failed_logins=0)
            )  # fmt: skip
    engine.dispose()
    return settings.data / "chapiao.sqlite"


@pytest.fixture
def make_service(tmp_path: Path, database_with_people: Path) -> Iterator[Callable[..., Service]]:
    opened: list[TestClient] = []

    def make(**settings: object) -> Service:
        (tmp_path / "data").mkdir(exist_ok=True)
        shutil.copy(database_with_people, tmp_path / "data")
        app = create_app(Settings(data=tmp_path / "data", **settings))  # type: ignore[arg-type]
        service = Service(app)
        client = TestClient(app)
        client.__enter__()  # runs the application's start
        opened.append(client)
        return service

    yield make
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    return make_service()
