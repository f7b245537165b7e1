"""Our companies on the command line: a branch, its closing, and a change; refusals have a code."""

from __future__ import annotations

from tests.api.cli.conftest import Chapiao

HEAD, TAX_ID = "杭州澜朔智能装备有限公司", "91330108MAQ18U4N42"


def test_a_branch_is_registered_changed_and_closed(chapiao: Chapiao) -> None:
    former = ("--former-name", "澜朔机械厂 2023-05-31")
    assert chapiao("companies", "add", "--name", HEAD, "--tax-id", TAX_ID, *former).code == 0
    assert chapiao("companies", "add", "--name", f"{HEAD}苏州分公司", "--parent", TAX_ID).code == 0
    head, branch = chapiao("companies", "list", "--json").lines
    assert head["names_until"] == {"澜朔机械厂": "2023-05-31"}
    assert (branch["parent_id"], branch["shares_tax_id"], branch["tax_id"]) == (head["id"], True, TAX_ID)

    number = str(branch["id"])
    assert chapiao("companies", "edit", number, "--short-name", "苏州").code == 0
    assert chapiao("companies", "close", number, "--on", "2024-03-31").code == 0
    assert chapiao("companies", "close", number).code == 2, "a day, or --reopen"
    head, branch = chapiao("companies", "list", "--json").lines
    assert (branch["short_name"], branch["closed_on"], head["closed_on"]) == ("苏州", "2024-03-31", None)

    refused = chapiao("companies", "edit", TAX_ID, "--tax-id", "12")
    assert (refused.code, "invalid_request" in refused.err) == (2, True)
