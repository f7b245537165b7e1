"""Speed of one match, beside what others would use, over the same records in the same run.

    python -m tests.bench.matching --records 1000000 --cases 400
    python -m tests.bench.matching --records 1000000 --cases 400 --url postgresql+psycopg://…

Ledger and invoices are seeded inventions; the database is a real SQLite file in a temporary folder, or the empty one at
`--url`. Each match has a session of its own, as in the pipeline: companies and imports are loaded anew. `all kinds` are
the cases of `cases.draw`, as often as they are drawn, every other one as recognition reads it: right is what its kind
says, or the true record offered.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, cast

from sqlalchemy import Engine, Table, delete, func, select, text, update
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing.bulk import Bulk
from matching.service import match_invoice
from models.database import migrate, open_engine, session_factory
from models.evidence import Source
from models.matching import MatchResult, MatchStatus
from models.settings import Settings
from models.tables import ImportRow, InvoiceRow, RecordKeyRow, RecordRow, RedLinkRow
from tests.bench.cases import TODAY, Case, draw
from tests.bench.diagnosis import face, misread
from tests.bench.diagnosis import fill as records_of
from tests.bench.peers import brute_force, record_linkage, splink
from tests.matching.captures import capture
from tests.matching.ledger_rows import US

SELLERS = 5000
DAY = date(2025, 12, 31)
SETTINGS = Settings()
WARM_UP = 40  #: matches before the clock runs: PostgreSQL keeps a plan from the tenth use of a statement on


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
        }  # fmt: skip


def fill(session: Session, count: int, rng: random.Random) -> list[dict[str, Any]]:
    """More of the ledger, past the importer: only its size matters here. Returns a sample of it."""
    add_company(session, name=US[1], tax_id=US[0])
    held = session.scalar(select(func.max(RecordRow.id))) or 0
    done = ImportRow(
        file_name="bench.xlsx", sha256="0" * 64, format="bureau_basic", direction="input", owner_tax_id=US[0],
        kinds=["digital_ordinary", "digital_special"], date_from=date(2025, 1, 1), date_to=DAY, rows=count, problems=[],
        imported_at=datetime(2025, 12, 31, tzinfo=UTC),
    )  # fmt: skip
    session.add(done)
    session.flush()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    shared = {
        "kind": "digital_ordinary", "state": "normal", "direction": "input", "origin": "import", "import_id": done.id,
        "created_at": moment, "updated_at": moment,
    }  # fmt: skip
    columns = list(next(invented(random.Random(0), 1)))
    records = Bulk(session, cast(Table, RecordRow.__table__), ["id", "damaged", *columns], shared)
    keys = Bulk(session, cast(Table, RecordKeyRow.__table__), ["key", "record_id"])
    sample: list[dict[str, Any]] = []
    taken = set(session.scalars(select(RecordKeyRow.key)))
    every = enumerate((row for row in invented(rng, count) if row["identity_key"] not in taken), held + 1)
    while chunk := list(islice(every, 50_000)):
        written = ((id_, row | {"issue_date": row["issue_date"].isoformat()}) for id_, row in chunk)
        records.insert((id_, json.dumps({}), *row.values()) for id_, row in written)
        keys.insert((row["identity_key"], id_) for id_, row in chunk)
        sample += [row for _, row in chunk if rng.random() < 2000 / count]
    session.execute(text("ANALYZE"))
    session.commit()
    return sample


def match_mixed(engine: Engine, cases: list[Case], truths: list[int | None]) -> None:
    rng, taken, worked, right = random.Random(11), [], [], 0
    every = list(zip(cases, truths, strict=True))
    for n, (case, truth) in enumerate([*every[:WARM_UP], *every]):
        fields, ocr = face(case), n % 2 == 1 and not case.failed
        seen, doubted = misread(fields, rng) if ocr else (fields, [])
        rows: list[int] = []
        with session_factory(engine)() as session:
            if case.earlier:
                first = capture(session, kind=case.invoice_kind, **fields)
                match_invoice(session, first, today=TODAY, settings=SETTINGS)
                rows.append(first.id)
            source = Source.OCR if ocr else Source.QR
            row = capture(
                session, kind=case.invoice_kind, source=source, review=doubted, failed=case.failed, **seen
            )  # fmt: skip
            rows.append(row.id)
            session.commit()
        found, spent = timed(engine, rows, today=TODAY)
        if n >= WARM_UP:
            worked.append(spent[0])
            taken.append(spent[1])
            right += found.status in case.status or (ocr and truth is not None and found.record_id == truth)
    show("all kinds, processor", worked, right)
    show("all kinds, wall", taken, right)


def timed(engine: Engine, rows: list[int], *, today: date) -> tuple[MatchResult, tuple[float, float]]:
    """Match the last of these captures and take all of them away again; milliseconds of processor and wall."""
    with session_factory(engine)() as session:
        row = session.get_one(InvoiceRow, rows[-1])
        before, wall = time.process_time(), time.perf_counter()
        found = match_invoice(session, row, today=today, settings=SETTINGS)
        spent = (time.process_time() - before) * 1000, (time.perf_counter() - wall) * 1000
        session.commit()  # as the pipeline does; a rollback would make psycopg forget what it prepared
        session.execute(delete(RedLinkRow).where(RedLinkRow.red_invoice_id.in_(rows)))
        session.execute(update(InvoiceRow).where(InvoiceRow.id.in_(rows)).values(duplicate_of=None))
        session.execute(delete(InvoiceRow).where(InvoiceRow.id.in_(rows)))
        session.commit()
    return found, spent


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


def show(name: str, milliseconds: list[float], right: int) -> None:
    ordered = sorted(milliseconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:<34} p50 {statistics.median(ordered):8.2f} ms   p99 {p99:8.2f} ms   {right}/{len(ordered)} right",  # noqa: T201
          flush=True)  # fmt: skip


def match_all(engine: Engine, name: str, cases: list[tuple[dict[str, Any], MatchStatus]], source: Source) -> None:
    taken, worked, right = [], [], 0
    doubted = ["invoice_number"] if source is Source.OCR else []
    for n, (fields, expected) in enumerate([*cases[:WARM_UP], *cases]):
        with session_factory(engine)() as session:
            row_id = capture(session, source=source, review=doubted, **fields).id
            session.commit()
        found, spent = timed(engine, [row_id], today=DAY)
        if n >= WARM_UP:
            worked.append(spent[0])
            taken.append(spent[1])
            right += found.status is expected
    show(f"{name}, processor", worked, right)
    show(f"{name}, wall", taken, right)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--cases", type=int, default=300)
    asked.add_argument("--url", help="an empty database, instead of SQLite in a temporary folder")
    args = asked.parse_args()
    rng = random.Random(20250101)
    with tempfile.TemporaryDirectory() as folder:
        url = args.url or f"sqlite:///{folder}/bench.sqlite"
        migrate(url)
        engine = open_engine(url)
        cases = list(draw(1, args.cases * 2))
        with session_factory(engine)() as session:
            truths = records_of(session, cases, args.records // 2, seed=1)  # sellers and amounts repeat, as in life
            sample = fill(session, args.records - args.records // 2, rng)[: args.cases]
        absent = list(invented(random.Random(7), args.cases))
        match_all(engine, "exact key", [(of_record(r), MatchStatus.MATCHED) for r in sample], Source.QR)
        wrong = [(of_record(r, invoice_number=slip(r["identity_key"], rng)), MatchStatus.PROBABLE) for r in sample]
        match_all(engine, "one digit misread", wrong, Source.OCR)
        match_all(engine, "absent", [(of_record(r), MatchStatus.ABSENT) for r in absent], Source.QR)
        match_all(engine, "absent, in doubt", [(of_record(r), MatchStatus.NEEDS_REVIEW) for r in absent], Source.OCR)
        match_mixed(engine, cases, truths)
        with session_factory(engine)() as session:
            documents, truths = [fields for fields, _ in wrong], [r["identity_key"] for r in sample]
            for peer in (brute_force, record_linkage, splink):
                found = peer(session, documents, truths)
                if found is None:
                    print(f"{peer.__name__}: not installed, passed over")  # noqa: T201
                else:
                    show(*found)
        engine.dispose()


if __name__ == "__main__":
    main()
