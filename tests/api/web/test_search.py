"""The search page: one box, what each may find, near hits marked, searches that are kept."""

from __future__ import annotations

from tests.api.conftest import LEDGER, SAMPLES

XML = "03-digital-special.xml"


def import_ledger(client) -> None:
    from matching.importing import import_records

    with client.session() as session:
        import_records(session, LEDGER.read_bytes(), LEDGER.name)


def hits(page: str, kind: str) -> bool:
    return f'<h2>{kind} <span class="count">' in page


def test_one_box_finds_documents_records_and_drafts(service) -> None:
    service.register_company()
    import_ledger(service)
    client = service.browser("acc")
    service.bring(client, XML)
    number = service.truth(XML)["invoice_number"]
    page = client.get("/search", params={"q": number[4:14]}).text
    assert hits(page, "单据") and hits(page, "补录")
    assert f"<mark>{number[4:14]}</mark>" in page
    records = client.get("/search", params={"q": "有限公司", "what": "record"}).text
    assert hits(records, "记录") and not hits(records, "单据")


def test_a_wrong_digit_is_forgiven_and_said(service) -> None:
    client = service.browser("acc")
    service.bring(client, XML)
    number = service.truth(XML)["invoice_number"]
    page = client.get("/search", params={"q": f"{number[:-1]}{(int(number[-1]) + 1) % 10}"}).text
    assert "相近" in page and number in page


def test_staff_find_their_own_and_no_records(service) -> None:
    import_ledger(service)
    service.bring(service.browser("acc"), XML)
    number = service.truth(XML)["invoice_number"]
    theirs = service.browser("staff").get("/search", params={"q": number}).text
    assert "没有找到" in theirs and f"/documents/{number}" not in theirs
    assert not hits(service.browser("staff").get("/search", params={"q": "有限", "what": "record"}).text, "记录")
    service.upload(service.browser("staff"), SAMPLES / "04-ordinary-e.pdf")
    assert not hits(service.browser("staff").get("/search", params={"q": number}).text, "单据")


def test_a_search_is_kept_shared_and_deleted_by_its_owner_alone(service) -> None:
    mine, other = service.browser("acc"), service.browser("acc2")
    form = {"name": "大额未入账", "query": "q=%3E5000&status=document%3Aabsent&evil=1", "shared": "true"}
    assert mine.post("/search/views", data=form).headers["location"] == "/search?q=%3E5000&status=document%3Aabsent"
    assert "大额未入账" in other.get("/search").text
    assert other.post("/search/views/1/delete").status_code == 404
    assert mine.post("/search/views/1/delete").status_code == 303
    assert "大额未入账" not in other.get("/search").text
    assert mine.post("/search/views", data={"name": "空", "query": ""}).status_code == 422


def test_half_typed_filters_and_bent_cursors_do_no_harm(service) -> None:
    client = service.browser("acc")
    service.bring(client, XML)
    assert client.get("/search", params={"q": "x", "since": "2024-", "least": "1,"}).status_code == 200
    assert client.get("/search", params={"q": "有限", "what": "document", "cursor": "bent"}).status_code == 422


def test_rest_finds_the_same(service) -> None:
    service.bring(service.browser("acc"), XML)
    number = service.truth(XML)["invoice_number"]
    answer = service.program("acc").get("/api/v1/search", params={"q": number[:12]}).json()
    assert answer["complete"] and [item["number"] for item in answer["items"]] == [number]
    assert answer["items"][0]["found"]
    assert service.program("staff").get("/api/v1/search", params={"q": number[:12]}).json()["items"] == []
    assert service.program("staff").get("/api/v1/search", params={"q": "1", "kind": "record"}).json()["exact"] == 0
    assert service.program("acc").get("/api/v1/search", params={"least": "many"}).status_code == 422
