"""Our companies over REST: branch, change, closing; what is refused changes nothing."""

from __future__ import annotations

HEAD = {"name": "杭州澜朔智能装备有限公司", "tax_id": "91330108MAQ18U4N42", "former_names": ["澜朔机械厂 2023-05-31"]}


def test_a_branch_is_registered_changed_closed_and_opened_again(service) -> None:
    boss = service.program("boss")
    head = boss.post("/api/v1/companies", json=HEAD).json()
    assert head["names_until"] == {"澜朔机械厂": "2023-05-31"}
    branch = boss.post("/api/v1/companies", json={"name": "苏州分公司", "parent_id": head["id"]}).json()
    assert (branch["shares_tax_id"], branch["tax_id"]) == (True, HEAD["tax_id"])

    address = f"/api/v1/companies/{branch['id']}"
    changed = boss.patch(address, json={"short_name": "苏州"}).json()
    assert changed == {**branch, "short_name": "苏州"}, "only what was given"
    assert boss.post(f"{address}/close", json={"on": "2024-03-31"}).json()["closed_on"] == "2024-03-31"
    assert boss.post(f"{address}/close", json={"on": None}).json()["closed_on"] is None
    listed = service.program("acc").get("/api/v1/companies").json()["items"]
    assert [row["name"] for row in listed] == [HEAD["name"], "苏州分公司"]


def test_what_is_refused_changes_nothing(service) -> None:
    boss = service.program("boss")
    head = boss.post("/api/v1/companies", json=HEAD).json()
    address = f"/api/v1/companies/{head['id']}"
    assert boss.patch(address, json={"name": "新名称", "tax_id": "12"}).status_code == 422
    assert boss.patch(address, json={"name": "新名称", "parent_id": head["id"]}).status_code == 422
    assert boss.get("/api/v1/companies").json()["items"] == [head]
    assert service.program("acc").patch(address, json={"name": "x"}).status_code == 403
    assert service.program("acc").post(f"{address}/close", json={"on": "2024-03-31"}).status_code == 403
    assert boss.patch("/api/v1/companies/999", json={"name": "x"}).status_code == 404
