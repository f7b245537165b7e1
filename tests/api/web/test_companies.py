"""Our companies on the pages: head offices and branches, former names with their last day, closing, the trail."""

from __future__ import annotations

from models.tables import AuditEvent, CompanyRow

HEAD = {"name": "杭州澜朔智能装备有限公司", "tax_id": "91330108MAQ18U4N42", "short_name": "澜朔",
        "former_names": "澜朔机械厂 2023-05-31\n旧名二", "note": "总部"}  # fmt: skip
BRANCH = {"name": "杭州澜朔智能装备有限公司苏州分公司", "tax_id": ""}


def both(service) -> tuple[int, int]:
    client = service.browser("boss")
    assert client.post("/companies", data=HEAD).status_code == 303
    head = service.company_id(HEAD["tax_id"])
    assert client.post("/companies", data={**BRANCH, "parent_id": str(head)}).status_code == 303
    with service.session() as session:
        return head, session.query(CompanyRow).filter_by(name=BRANCH["name"]).one().id


def test_a_branch_stands_under_its_head_office_and_uses_its_tax_id(service) -> None:
    head, branch = both(service)
    page = service.browser("acc").get("/companies").text
    assert page.index(HEAD["name"]) < page.index('depth-1"><span class="strong">' + BRANCH["name"])
    assert "用总机构税号" in page and "用到 2023-05-31" in page and "澜朔机械厂" in page
    with service.session() as session:
        row = session.get_one(CompanyRow, branch)
        assert (row.parent_id, row.shares_tax_id, row.tax_id) == (head, True, HEAD["tax_id"])


def test_whoever_registers_the_first_company_is_told_what_comes_next(service) -> None:
    boss = service.browser("boss")
    saved = boss.get(boss.post("/companies", data=HEAD).headers["location"])
    assert "已登记" in saved.text and "下一步：导入税务局的发票记录" in saved.text
    assert "已登记" not in boss.get("/companies").text


def test_what_the_form_shows_is_what_it_saves(service) -> None:
    head, _ = both(service)
    client = service.browser("boss")
    assert "澜朔机械厂 2023-05-31" in client.get(f"/companies/{head}").text
    with service.session() as session:
        before = session.query(AuditEvent).count()
    assert client.post(f"/companies/{head}", data=HEAD).status_code == 303
    with service.session() as session:
        assert session.query(AuditEvent).count() == before, "nothing changed, so nothing is noted"
        assert session.get_one(CompanyRow, head).names_until == {"澜朔机械厂": "2023-05-31"}
    assert client.post(f"/companies/{head}", data={**HEAD, "short_name": "LS", "former_names": ""}).status_code == 303
    with service.session() as session:
        row = session.get_one(CompanyRow, head)
        assert (row.short_name, row.former_names, row.names_until) == ("LS", [], {})
    trail = client.get(f"/companies/{head}").text
    assert "变更记录" in trail and "简称" in trail.split("变更记录")[1]


def test_a_refused_change_leaves_the_company_as_it_was(service) -> None:
    head, branch = both(service)
    client = service.browser("boss")
    for wrong in ({"tax_id": "12"}, {"tax_id": ""}, {"former_names": "旧名 2023-02-31"}, {"parent_id": str(branch)}):
        answer = client.post(f"/companies/{head}", data={**HEAD, "name": "新名称", **wrong})
        assert answer.status_code == 422 and 'value="新名称"' in answer.text, wrong
        with service.session() as session:
            assert session.get_one(CompanyRow, head).name == HEAD["name"]
    doubted = client.post(f"/companies/{head}", data={**HEAD, "tax_id": HEAD["tax_id"][:-1] + "3"})
    assert doubted.status_code == 422 and "校验位不符" in doubted.text


def test_a_company_is_closed_with_a_day_and_opened_again(service) -> None:
    head, _ = both(service)
    client = service.browser("boss")
    assert client.post(f"/companies/{head}/close", data={"on": ""}).status_code == 422
    assert client.post(f"/companies/{head}/close", data={"on": "2024-03-31"}).status_code == 303
    assert "2024-03-31 停业" in client.get("/companies").text
    assert client.post(f"/companies/{head}/reopen").status_code == 303
    assert "停业</span>" not in client.get("/companies").text
    with service.session() as session:
        actions = [event.action for event in session.query(AuditEvent).filter(AuditEvent.action.contains(":company:"))]
    assert actions[-2:] == ["web:company:close", "web:company:reopen"]


def test_only_the_administrator_changes_companies(service) -> None:
    head, _ = both(service)
    client = service.browser("acc")
    assert client.get(f"/companies/{head}").status_code == 403
    for step in ("", "/close", "/reopen", "/remove"):
        assert client.post(f"/companies/{head}{step}", data={**HEAD, "on": "2024-03-31"}).status_code == 403
    assert 'href="/companies/' not in client.get("/companies").text


def test_a_head_office_with_branches_is_not_removed(service) -> None:
    head, branch = both(service)
    client = service.browser("boss")
    assert client.post(f"/companies/{head}/remove").status_code >= 400
    assert client.post(f"/companies/{branch}/remove").status_code == 303
    assert client.post(f"/companies/{head}/remove").status_code == 303
