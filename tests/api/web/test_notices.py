"""Notices: a person sees what changed with their documents; a badge says how much is unread; English says it too."""

from __future__ import annotations

from matching import notices
from models.tables import User
from models.tables.accounts import Role
from tests.api.conftest import Service


def told(service: Service, username: str | None = None, **params: object) -> None:
    with service.session() as session:
        person = session.query(User).filter_by(username=username).one().id if username else None
        role = None if username else Role.ACCOUNTANT
        notices.tell(session, user_id=person, role=role, **params)  # type: ignore[arg-type]


def test_a_notice_is_seen_by_its_person_only_and_counted_until_read(service: Service) -> None:
    told(service, "staff", code="found", number="25312000000123456789", seller="苏州云杉", document_id="x", index=0)
    staff, other = service.browser("staff"), service.browser("acc")
    page = staff.get("/notices").text
    assert "25312000000123456789" in page
    assert 'class="badge">1<' in page
    assert "25312000000123456789" not in other.get("/notices").text
    assert staff.post("/notices/read").status_code == 303
    assert 'class="badge"' not in staff.get("/notices").text


def test_a_role_is_told_once_and_everybody_reads_for_themselves(service: Service) -> None:
    told(service, code="round", total=3, counts={"found": 2, "voided": 1})
    first, second, staff = service.browser("acc"), service.browser("acc2"), service.browser("staff")
    assert "3 份单据" in first.get("/notices").text
    first.post("/notices/read")
    assert 'class="badge"' not in first.get("/notices").text
    assert 'class="badge">1<' in second.get("/notices").text
    assert "3 份单据" not in staff.get("/notices").text


def test_in_english(service: Service) -> None:
    told(service, code="round", total=3, counts={"found": 2, "voided": 1})
    page = service.browser("acc").get("/notices?lang=en").text
    assert "3 documents changed" in page
    assert "record found" in page


def test_what_was_counted_can_be_opened(service: Service) -> None:
    told(service, code="round", total=3, counts={"offered": 2, "now_absent": 1})
    told(service, code="drafts_closed", count=2)
    page = service.browser("acc").get("/notices").text
    for address in ("/documents?status=probable", "/documents?status=absent", "/drafts?state=closed"):
        assert f'href="{address}"' in page


def test_every_code_has_a_text(service: Service) -> None:
    from api.web.texts import TEXTS

    codes = {*notices.CODES.values(), "draft_closed", "drafts_closed", "drafts_released", "round"}
    assert {f"notice.{code}" for code in codes} <= TEXTS.keys()
    assert {f"noticed.{code}" for code in notices.CODES.values()} <= TEXTS.keys()
