"""How often matching and diagnosis are right, over invented cases whose truth is known.

    python -m tests.bench.diagnosis --ledger 100000 --cases 5000 --noise ocr

`flagged` is absent, not_ours or needs_review; `found` is a link to the true record, or the true record offered first.
Under OCR noise a doubted number of an absent invoice may be called misread first: that is what the evidence says.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing.bulk import Bulk
from matching.red_links import link_records
from matching.service import match_invoice
from models.database import migrate, open_engine, session_factory
from models.evidence import Source
from models.matching import CauseCode, MatchResult, MatchStatus
from models.settings import Settings
from models.tables import ImportRow, RecordKeyRow, RecordRow
from tests.bench.cases import IMPORTS, SISTER, TODAY, US, Case, background, draw
from tests.matching.captures import capture

FLAGGED = {MatchStatus.ABSENT, MatchStatus.NOT_OURS, MatchStatus.NEEDS_REVIEW}
LINKED = {MatchStatus.MATCHED, MatchStatus.DIFFERS, MatchStatus.VOID, MatchStatus.RED_FLUSHED}
LOOKALIKE = dict(zip("0123456789", "8778968164", strict=True))
SETTINGS = Settings()
MONEY = {"total_excl_tax": "total_excl_fen", "total_tax": "total_tax_fen", "total_incl_tax": "total_incl_fen"}
TEXTS = ("invoice_code", "invoice_number", "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")
#: how often recognition is wrong on a field; of the wrong ones nine in ten are in doubt, of the right ones one in fifty
MISREAD = {"invoice_number": 0.04, "invoice_code": 0.03, "seller_tax_id": 0.04, "seller_name": 0.05,
           "buyer_tax_id": 0.02, "total_incl_tax": 0.02, "total_excl_tax": 0.03, "issue_date": 0.02}  # fmt: skip
DOUBTED_IF_WRONG, DOUBTED_IF_RIGHT = 0.9, 0.02


def face(case: Case) -> dict[str, str | None]:
    invoice = case.invoice
    money = {name: f"{invoice[column] / 100:.2f}" for name, column in MONEY.items()}
    texts = {name: invoice[name] for name in TEXTS}
    return {**texts, **money, "issue_date": invoice["issue_date"].isoformat(), "remarks": case.remarks}


def misread(fields: dict[str, str | None], rng: random.Random) -> tuple[dict[str, str | None], list[str]]:
    """What recognition makes of the face, and the fields it doubts."""
    seen, doubted = dict(fields), []
    for name, rate in MISREAD.items():
        value = fields[name]
        if value is None:
            continue
        wrong = rng.random() < rate
        if wrong:
            places = [n for n, c in enumerate(value) if (not c.isascii() if name == "seller_name" else c.isdigit())]
            at = rng.choice(places[-2:] if name == "issue_date" else places)
            new = "杉" if name == "seller_name" and value[at] != "杉" else LOOKALIKE.get(value[at], "衫")
            changed = value[:at] + new + value[at + 1 :]
            seen[name] = changed if name != "issue_date" or _is_date(changed) else value
        if rng.random() < (DOUBTED_IF_WRONG if wrong else DOUBTED_IF_RIGHT):
            doubted.append(name)
    return seen, doubted


def _is_date(shown: str) -> bool:
    try:
        date.fromisoformat(shown)
    except ValueError:
        return False
    return True


def fill(session: Session, cases: list[Case], ledger: int, seed: int) -> list[int | None]:
    """Writes companies, imports and records; returns the true record of each case."""
    for tax_id, name in (US, SISTER):
        add_company(session, name=name, tax_id=tax_id)
    for form, first, last, day in IMPORTS:
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        kinds = ["digital_special", "special_paper"] + ([] if form == "bureau_deduction" else ["digital_ordinary"])
        session.add(
            ImportRow(
                file_name=form, sha256="0" * 64, format=form, direction="input", owner_tax_id=US[0], kinds=kinds,
                date_from=first, date_to=last, rows=1, problems=[], imported_at=at,
            )
        )  # fmt: skip
    session.flush()
    rows: list[dict[str, Any]] = []
    truth: list[int | None] = []
    for case in cases:
        truth.append(None if case.record is None else len(rows) + 1 + case.record)
        rows += case.records
    taken = {row["identity_key"] for row in rows}
    numbers = {f"{c.invoice['invoice_code'] or ''}{c.invoice['invoice_number']}" for c in cases}  # absent means absent
    others = background(seed + 1, max(ledger - len(rows), 0), {key.replace("-", "") for key in taken if key} | numbers)
    moment = datetime(2025, 12, 8, tzinfo=UTC)
    columns = list({"state_label": None} | rows[0])
    shared = {"created_at": moment, "updated_at": moment}
    records = Bulk(session, cast(Table, RecordRow.__table__), ["id", *columns], shared)
    keys = Bulk(session, cast(Table, RecordKeyRow.__table__), ["key", "record_id"])
    every = enumerate(itertools.chain(rows, others), 1)
    while chunk := list(itertools.islice(every, 20_000)):
        records.insert((id_, *(_written(row, column) for column in columns)) for id_, row in chunk)
        keys.insert((row["identity_key"], id_) for id_, row in chunk if row["identity_key"])
    link_records(session)  # as after an import
    session.execute(text("ANALYZE"))
    session.commit()
    return truth


def _written(row: dict[str, Any], column: str) -> Any:
    """As the driver takes it."""
    value = row.get(column)
    return value.isoformat() if isinstance(value, date) else json.dumps(value) if column == "damaged" else value


class Tally:
    def __init__(self) -> None:
        self.confusion: Counter[tuple[str, str]] = Counter()
        self.causes: Counter[tuple[str, bool]] = Counter()
        self.wrong_causes: Counter[tuple[str, str]] = Counter()
        self.flagged: Counter[tuple[bool, bool]] = Counter()
        self.wrong_links: list[tuple[str, dict[str, Any]]] = []
        self.status_right = 0

    def note(self, case: Case, truth: int | None, found: MatchResult, *, ocr: bool, doubted: bool) -> None:
        self.confusion[case.kind, found.status.value] += 1
        found_it = truth is not None and found.record_id == truth and found.status in {*LINKED, MatchStatus.PROBABLE}
        self.status_right += found.status in case.status or (ocr and found_it)
        linked = found.status in LINKED
        again = found.status is MatchStatus.DUPLICATE or found.duplicate_of is not None
        if linked and found.record_id != truth:
            self.wrong_links.append((case.kind, case.invoice))
        said_absent = (found.status in FLAGGED and not again) or (
            truth is None and found.status is not MatchStatus.PROBABLE and not linked
        )
        offered_wrong = not said_absent and not again and found.record_id != truth
        self.flagged[truth is None, said_absent or (truth is not None and offered_wrong)] += 1
        if case.cause is None or (truth is not None and found.status not in case.status):
            return
        first = found.causes[0].code if found.causes else None
        allowed = {case.cause, CauseCode.MISREAD_OR_MISTYPED} if doubted and truth is None else {case.cause}
        self.causes[case.kind, first in allowed] += 1
        if first not in allowed:
            self.wrong_causes[case.kind, first.value if first else "-"] += 1

    def show(self, milliseconds: list[tuple[float, float]]) -> None:
        say = print
        hits, misses = self.flagged[True, True], self.flagged[True, False]
        false = self.flagged[False, True]
        right = sum(n for (_, ok), n in self.causes.items() if ok)
        say(f"{'true kind':<20}{'status: how many'}")
        for kind in dict.fromkeys(kind for kind, _ in sorted(self.confusion)):
            said = ", ".join(f"{s} {n}" for (k, s), n in self.confusion.most_common() if k == kind)
            wrong = ", ".join(f"{c} {n}" for (k, c), n in self.wrong_causes.most_common() if k == kind)
            say(f"{kind:<20}{said}{'   first cause wrong: ' + wrong if wrong else ''}")
        say(f"absent: precision {hits / (hits + false):.4%}, recall {hits / (hits + misses):.4%}")
        say(f"wrong automatic links: {len(self.wrong_links)} {self.wrong_links[:3] or ''}")
        say(f"status as it should be: {self.status_right / len(milliseconds):.4%}")
        say(f"first-ranked cause right: {right / max(sum(self.causes.values()), 1):.4%} of {sum(self.causes.values())}")
        for clock, at in (("processor", 0), ("wall", 1)):
            ordered = sorted(taken[at] for taken in milliseconds)
            p99 = ordered[int(len(ordered) * 0.99)]
            say(f"one match, {clock} time: p50 {statistics.median(ordered):.2f} ms, p99 {p99:.2f} ms")


def judge(session: Session, cases: list[Case], truths: list[int | None], *, ocr: bool, seed: int) -> Tally:
    rng, tally, taken = random.Random(seed + 2), Tally(), []
    for case, truth in zip(cases, truths, strict=True):
        fields = face(case)
        if case.earlier:
            match_invoice(session, capture(session, kind=case.invoice_kind, **fields), today=TODAY, settings=SETTINGS)
        noisy = ocr and not case.failed  # only a QR code or a text layer shows that a face was altered
        seen, doubted = misread(fields, rng) if noisy else (fields, [])
        row = capture(session, kind=case.invoice_kind, source=Source.OCR if noisy else Source.QR, review=doubted,
                      failed=case.failed, **seen)  # fmt: skip
        start, wall = time.process_time(), time.perf_counter()
        found = match_invoice(session, row, today=TODAY, settings=SETTINGS)
        taken.append(((time.process_time() - start) * 1000, (time.perf_counter() - wall) * 1000))
        number = {"invoice_number", "invoice_code"}
        tally.note(
            case,
            truth,
            found,
            ocr=noisy,
            doubted=bool(number & set(doubted)) or any(seen[n] != fields[n] for n in number),
        )
        if len(taken) % 200 == 0:
            session.commit()
            session.expunge_all()
    tally.show(taken)
    return tally


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--ledger", type=int, default=100_000)
    asked.add_argument("--cases", type=int, default=5_000)
    asked.add_argument("--noise", choices=("clean", "ocr"), default="clean")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--url", help="an empty database, instead of SQLite in a temporary folder")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = args.url or f"sqlite:///{folder}/bench.sqlite"
        migrate(url)
        engine = open_engine(url)
        with session_factory(engine)() as session:
            cases = list(draw(args.seed, args.cases))
            truths = fill(session, cases, args.ledger, args.seed)
            judge(session, cases, truths, ocr=args.noise == "ocr", seed=args.seed)
        engine.dispose()


if __name__ == "__main__":
    main()
