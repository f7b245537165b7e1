"""Import of an invented bureau export, first and again: processor time, wall time and the most memory held.

    python -m tests.bench.importing --rows 1000000 --form xlsx
    python -m tests.bench.importing --rows 1000000 --form csv --url postgresql+psycopg://…

The database is a real SQLite file in a temporary folder, or an empty one at `--url`. The file is read from disk. Told
beside is what the process that reads a large file and PostgreSQL's server process worked, and the memory of ours.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sqlalchemy import text
from sqlalchemy.orm import Session

from matching.companies import add_company
from matching.importing import import_records
from models.database import migrate, open_engine, session_factory
from tests.matching.ledger_rows import BASIC_HEADERS, US, basic_row

SELLERS = 5000
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LETTERS = "ABCDEFGHIJKLMNOPQRS"


def rows(count: int) -> Iterator[list[Any]]:
    """Numbers and times that hardly recur, sellers and labels that do, as in a year of one large company."""
    rng = random.Random(5)
    for at in range(count):
        net = rng.randrange(100, 2_000_000)
        tax = round(net * 0.06)
        seller = rng.randrange(SELLERS)
        day = date(2025, 1, 1) + timedelta(days=rng.randrange(365))
        yield basic_row(
            f"2531{rng.randrange(10**4):04d}{(at * 7919) % 10**12:012d}"[:19] + "7",
            **{
                "销方识别号": f"91320500MA{seller:08d}", "销方名称": f"苏州云杉第{seller}商贸有限公司",
                "开票日期": f"{day} {rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}",
                "金额": net / 100, "税额": tax / 100, "价税合计": (net + tax) / 100,
                "开票人": rng.choice(("王芳", "李强", "赵敏", "钱勇")),
                "备注": f"订单{rng.randrange(10**6)}" if rng.random() < 0.2 else "",
            },
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(BASIC_HEADERS)
        table.writerows([f"{c:.2f}" if isinstance(c, float) else c for c in row] for row in rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """As spreadsheet programs write it: texts shared, blank cells left out, amounts as numbers."""
    shared: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in _small_parts().items():
            packed.writestr(name, part)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"<?xml version='1.0' encoding='UTF-8'?><worksheet {MAIN}><sheetData>".encode())
            sheet.write(_row(1, BASIC_HEADERS, shared).encode())
            for number, row in enumerate(rows(count), 2):
                sheet.write(_row(number, row, shared).encode())
            sheet.write(b"</sheetData></worksheet>")
        with packed.open("xl/sharedStrings.xml", "w") as strings:
            strings.write(f"<?xml version='1.0' encoding='UTF-8'?><sst {MAIN}>".encode())
            for found in shared:
                strings.write(f"<si><t>{escape(found)}</t></si>".encode())
            strings.write(b"</sst>")


def _row(number: int, cells: Any, shared: dict[str, int]) -> str:
    written = (
        f'<c r="{letter}{number}"><v>{cell}</v></c>'
        if isinstance(cell, float)
        else f'<c r="{letter}{number}" t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>'
        for letter, cell in zip(LETTERS, cells, strict=True)
        if cell != ""
    )
    return f'<row r="{number}" spans="1:19">{"".join(written)}</row>'


def _small_parts() -> dict[str, str]:
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "sharedStrings": "sharedStrings"}
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(f'<Override PartName="/xl/{n}.xml" ContentType="{types}.{t}+xml"/>' for n, t in parts.items())
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="发票基础信息" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }


def server_seconds(session: Session) -> float:
    """Processor time of the server's process behind this session; 0 on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return 0.0
    pid = session.scalar(text("SELECT pg_backend_pid()"))
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reading_seconds() -> float:
    """Processor time of the reading processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_mib() -> str:
    own, reading = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own} + {reading} MiB"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--form", choices=("xlsx", "csv"), default="xlsx")
    asked.add_argument("--url", help="of an empty PostgreSQL database; left out: SQLite")
    asked.add_argument("--file", type=Path, help="keep the written file here and use it again")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.file or Path(folder) / f"全量发票查询.{args.form}"
        if not path.exists():
            (write_xlsx if args.form == "xlsx" else write_csv)(path, args.rows)
        url = args.url or f"sqlite:///{folder}/bench.sqlite"
        migrate(url)
        engine = open_engine(url)
        with session_factory(engine)() as session:
            add_company(session, name=US[1], tax_id=US[0])
            session.commit()
            print(f"{path.stat().st_size / 1e6:.0f} MB; before {peak_mib()}")  # noqa: T201
            for again in ("first", "again"):
                served, read = server_seconds(session), reading_seconds()
                worked, began = time.process_time(), time.perf_counter()
                done = import_records(session, path, path.name)
                session.commit()
                counts = f"{done.rows} rows, {done.added} added, {done.unchanged} unchanged, {done.rejected} rejected"
                spent = (
                    f"processor {time.process_time() - worked:.1f} s, "
                    f"reading process {reading_seconds() - read:.1f} s, "
                    f"server {server_seconds(session) - served:.1f} s"
                )
                round_ = f"wall {time.perf_counter() - began:.1f} s, load {os.getloadavg()[0]:.1f}"
                print(f"{again}: {counts}; {spent}, {round_}, most {peak_mib()}")  # noqa: T201
        engine.dispose()


if __name__ == "__main__":
    main()
