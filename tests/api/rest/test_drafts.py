"""Supplement drafts over REST: review, suggestions, batches, tasks, progress and papers, by the rules of the page."""

from __future__ import annotations

import pytest

from models.tables import AuditEvent, DraftRow
from tests.api.conftest import SAMPLES

XML = "03-digital-special.xml"


@pytest.fixture
def number(service) -> str:
    service.register_company()
    service.bring_absent(service.browser("boss"), XML)
    with service.session() as session:
        return session.query(DraftRow).one().application_number


def test_the_review_with_versions_that_were_seen(service, number: str) -> None:
    first, second, third = service.program("acc"), service.program("acc2"), service.program("boss")
    at = f"/api/v1/drafts/{number}"
    submitted = first.post(f"{at}/submit").json()
    assert (submitted["state"], submitted["version"]) == ("submitted", 2)
    assert first.get("/api/v1/drafts/tasks").json()["to_review"] == []
    assert second.get("/api/v1/drafts/tasks").json()["to_review"] == [number]
    assert second.post(f"{at}/take").json()["state"] == "in_review"
    assert third.post(f"{at}/approve").json()["error"]["code"] == "draft_taken"
    stale = second.post(f"{at}/approve", json={"version": 2})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "draft_changed")
    assert second.post(f"{at}/approve", json={"version": 3}).json()["state"] == "approved"
    with service.session() as session:
        actions = {event.action for event in session.query(AuditEvent).filter_by(subject=f"draft:{number}")}
    assert actions == {"rest:draft:submit", "rest:draft:take", "rest:draft:approve"}


def test_a_batch_gives_each_its_result(service, number: str) -> None:
    wanted = {"step": "submit", "drafts": [{"number": number, "version": 1}, {"number": "BL20200101-000001-0"}]}
    done, refused = service.program("acc").post("/api/v1/drafts/batch", json=wanted).json()
    assert (done["state"], done["error"]) == ("submitted", None)
    assert refused["error"]["code"] == "no_such_item"


def test_plan_comment_progress_and_narrowed_lists(service, number: str) -> None:
    client, at = service.program("acc"), f"/api/v1/drafts/{number}"
    assert client.put(f"{at}/plan", json={"due_on": "2024-01-01"}).json()["due_on"] == "2024-01-01"
    assert client.get("/api/v1/drafts/tasks").json()["overdue"] == [number]
    assert client.get("/api/v1/drafts", params={"due": "overdue"}).json()["items"][0]["application_number"] == number
    assert client.get("/api/v1/drafts", params={"due": "tomorrow"}).status_code == 422
    assert client.post(f"{at}/comments", json={"text": "请补合同"}).status_code == 201
    found = client.get("/api/v1/drafts/progress", params={"number": number.lower().replace("-", "")}).json()
    assert [h["details"] for h in found["history"]][-1] == ["请补合同"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    slip = client.get("/api/v1/drafts/progress", params={"number": wrong}).json()
    assert (slip["draft"], slip["mistyped"]) == (None, True) and number in slip["meant"]
    tail = client.get("/api/v1/drafts/progress", params={"number": number[-8:]}).json()
    assert (tail["draft"], tail["mistyped"], tail["partial"], tail["meant"]) == (None, False, True, [number])
    page = service.browser("acc").get("/drafts/progress", params={"number": number[-8:]}).text
    assert "不是完整的申请编号" in page and f"?number={number}" in page and "校验位" not in page


def test_suggestions_are_told_with_their_support_and_nothing_else_is_adopted(service, number: str) -> None:
    client, at = service.program("acc"), f"/api/v1/drafts/{number}"
    client.patch(at, json={"fields": {"buyer_tax_id": None}})
    with service.session() as session:
        session.query(DraftRow).one().missing = ["buyer_tax_id"]
    (made,) = [s for s in client.get(f"{at}/suggestions").json() if s["name"] == "buyer_tax_id"]
    assert (made["value"], made["registered"], made["adoptable"]) == (service.truth(XML)["buyer_tax_id"], True, True)
    other = client.post(f"{at}/adopt", json={"name": "buyer_tax_id", "value": "91310000MA1K4QWE5X"})
    assert other.json()["error"]["code"] == "suggestion_gone"
    adopted = client.post(f"{at}/adopt", json={"name": "buyer_tax_id", "value": made["value"]}).json()
    assert adopted["fields"]["buyer_tax_id"]["source"] == "history"


def test_papers(service, number: str) -> None:
    client, at = service.program("acc"), f"/api/v1/drafts/{number}"
    content = (SAMPLES / "14-digital-discount.pdf").read_bytes()
    (done,) = client.post(f"{at}/attachments", files=[("files", ("a.pdf", content))]).json()
    (refused,) = client.post(f"{at}/attachments", files=[("files", ("a.txt", b"words only"))]).json()
    assert refused["error"]["code"] == "unsupported_type"
    address = f"{at}/attachments/{done['attachment']['id']}"
    assert client.get(address).content == content
    assert client.get(f"{at}/application.pdf").content.startswith(b"%PDF")
    assert client.get(f"{at}/packet.zip").content.startswith(b"PK")
    assert client.get(f"{at}/packet.json").json()["attachments"][0]["name"] == "a.pdf"
    assert client.delete(address).status_code == 204
    assert client.get(f"{at}/attachments").json() == []
    assert service.program("staff").get(f"{at}/packet.json").status_code == 403


def test_a_draft_on_hold_is_told_narrowed_to_and_taken_up(service) -> None:
    service.register_company()
    service.bring(service.browser("boss"), XML)
    client = service.program("acc")
    [held] = client.get("/api/v1/drafts", params={"state": "draft", "held": "true"}).json()["items"]
    assert (held["held_because"] is not None, held["due_on"]) == (True, None)
    assert client.get("/api/v1/drafts", params={"held": "false"}).json()["items"] == []
    assert client.get("/api/v1/drafts/tasks").json()["to_complete"] == []
    taken = client.post(f"/api/v1/drafts/{held['application_number']}/take_up").json()
    assert (taken["state"], taken["held_because"], taken["due_on"] is None) == ("draft", None, False)
    assert client.get("/api/v1/drafts/tasks").json()["to_complete"] == [held["application_number"]]
