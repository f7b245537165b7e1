"""Imports that take long, and previews that others overtake: work after the answer, whole or not at all."""

from __future__ import annotations

import shutil

import pytest

from api.importing import aside
from api.importing.working import work
from matching.importing import import_records
from models.tables import AuditEvent, ImportRow, InvoiceRow, StagedImportRow
from tests.api.conftest import COMPANY, LEDGER
from tests.api.web.test_imports import NUMBERS, one, stored, table, upload, wait_until
from tests.api.web.test_records import MATCHED, ROWS
from tests.matching.ledger_rows import basic_row


class TestLargeWork:
    """What is too long for a request goes on after the answer, and can be asked for."""

    @pytest.fixture
    def imported(self, service, monkeypatch: pytest.MonkeyPatch) -> str:
        """Address of an import that is too large to be taken back within a request."""
        service.register_company()
        client = service.browser("acc")
        where = upload(client, LEDGER.name, LEDGER.read_bytes(), direction="input")
        client.post(f"{where}/import")
        service.bring(client, MATCHED)
        with service.session() as session:
            session.query(StagedImportRow).delete()
        monkeypatch.setattr(aside, "MOST_RECORDS", 1)
        return f"/records/imports/{one(service, ImportRow).id}"

    def test_it_is_taken_back_after_the_answer_on_a_page_that_shows_how_it_stands(self, service, imported: str) -> None:
        client = service.browser("acc")
        where = client.post(f"{imported}/undo").headers["location"]
        assert where.startswith("/records/imports/staged/")
        wait_until(service, "done")
        assert client.get(where).headers["location"] == imported
        assert "已撤销" in client.get(imported).text and stored(service) == 0
        assert one(service, InvoiceRow).match_status == "absent"
        with service.session() as session:
            assert session.query(AuditEvent).filter_by(action="web:import:undo").count() == 1

    def test_a_service_that_dies_has_taken_nothing_back_and_the_next_one_does(
        self, service, imported: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imports = service.app.state.imports
        monkeypatch.setattr(imports, "take_up", lambda _token: None)  # dies right after the answer
        client = service.browser("acc")
        where = client.post(f"{imported}/undo").headers["location"]
        assert "正在撤销导入" in client.get(where).text
        assert where in client.get(imported).text and "正在撤销导入" in client.get("/records/imports").text
        assert stored(service) == ROWS
        assert client.post(f"{imported}/undo").headers["location"] == where, "asked twice, done once"
        imports.start()
        wait_until(service, "done")
        assert stored(service) == 0

    def test_a_failure_in_the_middle_takes_nothing_back_and_can_be_tried_again(
        self, service, imported: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imports = service.app.state.imports
        monkeypatch.setattr(imports, "take_up", lambda _token: None)
        client = service.browser("acc")
        where = client.post(f"{imported}/undo").headers["location"]
        token = where.rsplit("/", 1)[1]

        def broken(*_: object, **__: object) -> None:
            raise OSError("disk gone")

        with monkeypatch.context() as during:
            during.setattr("api.importing.undoing.audit.record", broken)  # after the records, before the commit
            work(service.app.state.sessions, service.settings, token)
        assert stored(service) == ROWS
        page = client.get(where).text
        assert "撤销未完成" in page and "disk gone" in page and "取消这个文件" not in page
        client.post(f"{where}/again")
        work(service.app.state.sessions, service.settings, token)
        assert stored(service) == 0

    def test_what_came_in_meanwhile_forbids_it(
        self, service, imported: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # fmt: skip
        monkeypatch.setattr(service.app.state.imports, "take_up", lambda _token: None)
        client = service.browser("acc")
        where = client.post(f"{imported}/undo").headers["location"]
        token = where.rsplit("/", 1)[1]
        with service.session() as session:
            import_records(session, LEDGER.read_bytes(), "后来的.xlsx")
        work(service.app.state.sessions, service.settings, token)
        assert "后来的.xlsx" in client.get(where).text and stored(service) == ROWS
        assert client.post(f"{where}/cancel").status_code == 303
        assert client.get(where).headers["location"] == imported

    def test_a_company_that_is_registered_is_matched_after_the_answer(
        self, service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        service.bring(service.browser("acc"), MATCHED)
        before = one(service, InvoiceRow).matched_at
        monkeypatch.setattr(aside, "MOST_OPEN", 0)
        client = service.browser("boss")
        assert client.post("/companies", data=COMPANY).headers["location"] == "/companies?added=1"
        wait_until(service, "done")
        row = one(service, StagedImportRow)
        assert (row.purpose, row.file_name, row.import_id) == ("match", COMPANY["name"], None)
        assert one(service, InvoiceRow).matched_at > before
        assert client.get(f"/records/imports/staged/{row.token}").headers["location"] == "/records/imports"


class TestAfterARestore:
    """A backup holds the rows of waiting work, not its files."""

    def test_a_table_whose_file_is_gone_is_told_and_cancelled(self, service) -> None:
        client = service.browser("acc")
        where = upload(client, "一.csv", table(basic_row(NUMBERS[1])), direction="input")
        shutil.rmtree(service.settings.data / "staged")
        service.app.state.imports.start()
        page = client.get(where).text
        assert "备份不含待确认的导入" in page and "重新上传" in page and f"{where}/again" not in page
        assert client.post(f"{where}/again").status_code == 409
        assert client.post(f"{where}/cancel").status_code == 303
        assert stored(service) == 0

    def test_an_undo_that_was_under_way_is_done(self, service, monkeypatch: pytest.MonkeyPatch) -> None:
        client = service.browser("acc")
        client.post(upload(client, "一.csv", table(basic_row(NUMBERS[1])), direction="input") + "/import")
        with service.session() as session:
            session.query(StagedImportRow).delete()
        monkeypatch.setattr(aside, "MOST_RECORDS", 0)
        monkeypatch.setattr(service.app.state.imports, "take_up", lambda _token: None)
        client.post(f"/records/imports/{one(service, ImportRow).id}/undo")
        shutil.rmtree(service.settings.data / "staged")
        service.app.state.imports.start()
        wait_until(service, "done")
        assert stored(service) == 0


class TestStalePreviews:
    def test_what_was_imported_since_makes_the_preview_anew_before_anything_is_stored(self, service) -> None:
        client = service.browser("acc")
        rows = [basic_row(NUMBERS[n]) for n in range(3)]
        first = upload(client, "一.csv", table(rows[0], rows[1]), direction="input")
        second = upload(client, "二.csv", table(rows[1], rows[2]), direction="input")
        assert "新增 2 条" in client.get(second).text
        client.post(f"{first}/import")
        told = client.post(f"{second}/import").headers["location"]
        assert told == f"{second}?stale=1" and stored(service) == 2
        page = client.get(told).text
        assert "已重新预览" in page and "新增 1 条" in page
        assert client.post(f"{second}/import").headers["location"] == second
        assert stored(service) == 3

    def test_an_import_that_is_taken_back_does_so_too(self, service) -> None:
        client = service.browser("acc")
        first = upload(client, "一.csv", table(basic_row(NUMBERS[0])), direction="input")
        client.post(f"{first}/import")
        second = upload(client, "二.csv", table(basic_row(NUMBERS[0])), direction="input")
        client.post("/records/imports/1/undo")
        assert "stale" in client.post(f"{second}/import").headers["location"]
        assert "新增 1 条" in client.get(second).text

    def test_several_at_once_are_imported_where_their_previews_hold(self, service) -> None:
        client = service.browser("acc")
        for n in range(3):
            upload(client, f"{n}.csv", table(basic_row(NUMBERS[n])), direction="input")
        client.post("/records/imports/staged/import-all")
        assert stored(service) == 3
