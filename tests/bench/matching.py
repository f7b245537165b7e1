"""Speed of import and of one match, beside rapidfuzz brute force over the same records in the same run.

    python -m tests.bench.matching --records 1000000 --rows 100000

Ledger and invoices are seeded inventions; the database is a real SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from rapidfuzz import process
from rapidfuzz.distance import Hamming
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing import import_records
from matching.service import match_invoice
from models.database import migrate, open_engine, session_factory
from models.evidence import Source
from models.matching import MatchStatus
from models.settings import Settings
from models.tables import InvoiceRow, RecordRow
from tests.matching.captures import capture
from tests.matching.ledger_rows import BASIC_HEADERS, US, basic_row

SELLERS = 5000
DAY = date(2025, 12, 31)
SETTINGS = Settings()


def number_of(rng: random.Random) -> str:
    return f"25{rng.choice(('11', '31', '32', '33', '44'))}{rng.choice('27')}{rng.randrange(10**9):015d}"


def invented(rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for _ in range(count):
        while (number := number_of(rng)) in seen:
            pass
        seen.add(number)
        net = rng.randrange(100, 2_000_000)
        tax = round(net * 0.06)
        seller = rng.randrange(SELLERS)
        yield {
            "identity_key": number, "invoice_number": None, "digital_invoice_number": number,
            "number_tail": number[-8:],
            "issue_date": date(2025, 1, 1) + timedelta(days=rng.randrange(365)),
            "seller_name": f"苏州云杉第{seller}商贸有限公司", "seller_tax_id": f"91320500MA{seller:08d}",
            "buyer_name": US[1],
            "buyer_tax_id": US[0], "total_excl_fen": net, "total_tax_fen": tax, "total_incl_fen": net + tax,
            "kind": "digital_ordinary", "state": "normal", "direction": "input", "damaged": {}, "origin": "import",
        }  # fmt: skip


def fill(session: Session, count: int, import_id: int, rng: random.Random) -> list[dict[str, Any]]:
    """The ledger, past the importer: only its size matters here. Returns a sample of it."""
    first = (session.scalar(select(func.max(RecordRow.id))) or 0) + 1
    connection = session.connection()
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[str, int]] = []
    sample: list[dict[str, Any]] = []
    for id_, row in enumerate(invented(rng, count), first):
        stored = row | {"id": id_, "import_id": import_id, "damaged": "{}", "issue_date": row["issue_date"].isoformat()}
        stored |= {"created_at": "2026-01-01 00:00:00.000000", "updated_at": "2026-01-01 00:00:00.000000"}
        rows.append(tuple(stored.values()))
        keys.append((row["identity_key"], id_))
        if rng.random() < 2000 / count:
            sample.append(row)
        if len(rows) == 50_000 or id_ == first + count - 1:
            places = ", ".join("?" * len(stored))
            connection.exec_driver_sql(f"INSERT INTO records ({', '.join(stored)}) VALUES ({places})", rows)
            connection.exec_driver_sql("INSERT INTO record_keys VALUES (?, ?)", keys)
            rows, keys = [], []
    session.commit()
    return sample


def workbook(path: Path, rows: int, rng: random.Random) -> bytes:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("发票基础信息")
        sheet.write_row(0, 0, BASIC_HEADERS)
        for at in range(1, rows + 1):
            net = rng.randrange(100, 2_000_000)
            money = {"金额": net / 100, "税额": round(net * 0.06) / 100, "价税合计": (net + round(net * 0.06)) / 100}
            sheet.write_row(at, 0, basic_row(f"26{number_of(rng)[2:]}", **money))
    return path.read_bytes()


def of_record(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A captured invoice's fields for a stored record."""
    money = {
        name: f"{record[column] / 100:.2f}"
        for name, column in (
            ("total_excl_tax", "total_excl_fen"),
            ("total_tax", "total_tax_fen"),
            ("total_incl_tax", "total_incl_fen"),
        )
    }
    copied = ("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")
    return {
        "invoice_number": record["identity_key"], "issue_date": record["issue_date"].isoformat(),
        **{name: record[name] for name in copied}, **money, **changes,
    }  # fmt: skip


def slip(number: str, rng: random.Random) -> str:
    at = rng.randrange(5, 20)
    return number[:at] + rng.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = action()
    return (time.perf_counter() - start) * 1000, result


def show(name: str, milliseconds: list[float], right: int) -> None:
    ordered = sorted(milliseconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:<34} p50 {statistics.median(ordered):8.2f} ms   p99 {p99:8.2f} ms   {right}/{len(ordered)} right")  # noqa: T201


def match_all(session: Session, name: str, cases: list[tuple[dict[str, Any], MatchStatus]], source: Source) -> None:
    taken, worked, right = [], [], 0
    doubted = ["invoice_number"] if source is Source.OCR else []
    for fields, expected in cases:
        row = capture(session, source=source, review=doubted, **fields)
        before = time.process_time()
        spent, found = timed(lambda row=row: match_invoice(session, row, today=DAY, settings=SETTINGS))  # type: ignore[misc]
        taken.append(spent)
        worked.append((time.process_time() - before) * 1000)
        right += found.status is expected
        session.query(InvoiceRow).filter_by(id=row.id).delete()
    show(f"{name}, wall", taken, right)
    show(f"{name}, processor", worked, right)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--cases", type=int, default=300)
    args = asked.parse_args()
    rng = random.Random(20250101)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        migrate(url)
        engine = open_engine(url)
        with session_factory(engine)() as session:
            add_company(session, name=US[1], tax_id=US[0])
            data = workbook(Path(folder) / "bench.xlsx", args.rows, rng)
            for again in ("first", "again"):
                spent, done = timed(lambda: import_records(session, data, "bench.xlsx"))
                session.commit()
                print(f"import {again:<5} {args.rows} rows: {spent / 1000:6.1f} s  ({done.added} added)")  # noqa: T201
            sample = fill(session, args.records, done.id, rng)[: args.cases]
            session.connection().exec_driver_sql("ANALYZE")
            session.commit()
            absent = list(invented(random.Random(7), args.cases))
            match_all(session, "exact key", [(of_record(r), MatchStatus.MATCHED) for r in sample], Source.QR)
            wrong = [(of_record(r, invoice_number=slip(r["identity_key"], rng)), MatchStatus.PROBABLE) for r in sample]
            match_all(session, "one digit misread", wrong, Source.OCR)
            match_all(session, "absent", [(of_record(r), MatchStatus.ABSENT) for r in absent], Source.QR)
            match_all(
                session, "absent, in doubt", [(of_record(r), MatchStatus.NEEDS_REVIEW) for r in absent], Source.OCR
            )
            peer(session, wrong, {r["identity_key"] for r in sample})
        engine.dispose()


def peer(session: Session, wrong: list[tuple[dict[str, Any], MatchStatus]], truth: set[str]) -> None:
    """rapidfuzz over every stored number: what a person would write first."""
    numbers = [key for key in session.scalars(select(RecordRow.identity_key)) if key]
    taken, right = [], 0
    for fields, _ in wrong[:20]:
        number = fields["invoice_number"]
        spent, found = timed(
            lambda number=number: process.extractOne(number, numbers, scorer=Hamming.distance, score_cutoff=2)  # type: ignore[misc]
        )
        taken.append(spent)
        right += found is not None and found[0] in truth
    show("rapidfuzz brute force, one digit", taken, right)


if __name__ == "__main__":
    main()
