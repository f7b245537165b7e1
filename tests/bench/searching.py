"""Speed of search by kind of question, beside what the database itself offers, in the same run.

    python -m tests.bench.searching --records 1000000 [--url postgresql+psycopg://…]

Peers: `LIKE '%…%'` over the ledger; on SQLite an FTS5 index with its trigram tokenizer over number and seller, on
PostgreSQL pg_trgm with GIN over the number. Ledger and questions are seeded inventions. Each question fetches a page of
30, wall and processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, or_, select, text
from sqlalchemy.orm import Session

from api.queries.searching import HitRow, found_in, seen_by
from matching.companies import add_company
from matching.importing.bulk import Bulk
from matching.searching import Asked, Kind, SearchIndex, find, index_of, take_apart
from models.database import migrate, open_engine, session_factory
from models.tables import ImportRow, RecordLineRow, RecordRow, User, UserCompanyRow
from models.tables.accounts import Role
from models.tables.base import now

PLACES = (
    "北京",
    "上海",
    "苏州",
    "杭州",
    "重庆",
    "深圳",
    "广州",
    "成都",
    "武汉",
    "西安",
    "南京",
    "宁波",
    "厦门",
    "长沙",
)
STEMS = "云杉乾坤长江华泰恒通瑞丰安达明德宏远金桥海川锦绣东方天成博雅嘉禾盛世永兴启航中和信诚百川"
TRADES = ("科技", "商贸", "物流", "餐饮管理", "建筑工程", "信息技术", "文化传媒", "机电设备", "酒店管理", "广告")
ITEMS = ("*餐饮服务*餐费", "*办公用品*打印纸", "*运输服务*运费", "*信息技术服务*软件开发费", "*住宿服务*住宿费",
         "*建筑服务*工程款", "*机动车*轿车", "*电信服务*通信费", "*广告服务*广告费", "*计算机*笔记本电脑")  # fmt: skip


def number_of(rng: random.Random) -> str:
    return f"25{rng.choice(('11', '31', '32', '33', '44'))}{rng.choice('27')}{rng.randrange(10**9):015d}"


def parties(count: int, rng: random.Random) -> list[tuple[str, str]]:
    return [
        (f"{rng.choice(PLACES)}{''.join(rng.choices(STEMS, k=rng.choice((2, 3, 4))))}{rng.choice(TRADES)}有限公司",
         f"91320500MA{at:08d}")
        for at in range(count)
    ]  # fmt: skip


def invented(count: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    known = parties(max(200, count // 25), rng)
    for at in range(1, count + 1):
        net = rng.randrange(100, 2_000_000)
        seller, buyer = known[min(int(rng.expovariate(8 / len(known))), len(known) - 1)], known[at % 5]
        number = f"{number_of(rng)[:5]}{rng.randrange(10**7):07d}{at:08d}"
        yield {
            "id": at, "identity_key": number, "digital_invoice_number": number, "number_tail": number[-8:],
            "issue_date": date(2023, 1, 1) + timedelta(days=rng.randrange(730)), "seller_name": seller[0],
            "seller_tax_id": seller[1], "buyer_name": buyer[0], "buyer_tax_id": buyer[1], "total_excl_fen": net,
            "total_tax_fen": round(net * 0.06), "total_incl_fen": net + round(net * 0.06), "kind": "digital_ordinary",
            "state": "normal", "direction": "input",
            "remarks": f"合同号 HT-{rng.randrange(10**6):06d} 项目尾款" if at % 10 == 0 else None,
        }  # fmt: skip


def fill(session: Session, count: int, rng: random.Random) -> list[dict[str, Any]]:
    session.add(ImportRow(id=1, file_name="bench", sha256="", format="bureau_basic", direction="input", kinds=[],
                          problems=[], rows=count, added=count))  # fmt: skip
    session.flush()
    sample: list[dict[str, Any]] = []
    every = invented(count, rng)
    columns = list(next(invented(1, random.Random(0))))
    moment = now()
    shared = {"import_id": 1, "origin": "import", "created_at": moment, "updated_at": moment}
    records = Bulk(session, cast(Table, RecordRow.__table__), ["damaged", *columns], shared)
    lines = Bulk(session, cast(Table, RecordLineRow.__table__), ["record_id", "position", "data"])
    while rows := list(islice(every, 10_000)):
        sample += rng.sample(rows, min(20, len(rows)))
        records.insert(("{}", *(row | {"issue_date": row["issue_date"].isoformat()}).values()) for row in rows)
        lines.insert((row["id"], 1, json.dumps({"item_name": rng.choice(ITEMS)})) for row in rows[::2])
    session.commit()
    return sample


def limited(session: Session, sample: list[dict[str, Any]]) -> User:
    """An accountant who sees two of our four companies: the buyers of the ledger, but for one that is none of ours."""
    buyers = sorted({(row["buyer_name"], row["buyer_tax_id"]) for row in sample})[:4]
    ours = [add_company(session, name=name, tax_id=tax_id) for name, tax_id in buyers]
    user = User(username="bench", display_name="bench", password_hash="", role=Role.ACCOUNTANT.value)
    session.add(user)
    session.flush()
    session.add_all(UserCompanyRow(user_id=user.id, company_id=company.id) for company in ours[:2])
    session.commit()
    return user


def questions(sample: list[dict[str, Any]], rng: random.Random, each: int) -> dict[str, list[str]]:
    def some(make: Callable[[dict[str, Any]], str]) -> list[str]:
        return [make(rng.choice(sample)) for _ in range(each)]

    def part(length: int) -> Callable[[dict[str, Any]], str]:
        def make(row: dict[str, Any]) -> str:
            begin = rng.randrange(20 - length + 1)
            return str(row["identity_key"])[begin : begin + length]

        return make

    def wrong(row: dict[str, Any]) -> str:
        number, at = row["identity_key"], rng.randrange(20)
        return f"{number[:at]}{(int(number[at]) + 1) % 10}{number[at + 1 :]}"

    def misspelt(row: dict[str, Any]) -> str:
        name, at = row["seller_name"], rng.randrange(6)
        return f"{name[:at]}某{name[at + 1 : 8]}"

    from matching.searching.sounds import initials

    return {
        "whole number": some(lambda r: r["identity_key"]),
        "last 8 digits": some(lambda r: r["identity_key"][-8:]),
        "8 digits, anywhere": some(part(8)),
        "5 digits, anywhere": some(part(5)),
        "3 digits, anywhere": some(part(3)),
        "number, one digit wrong": some(wrong),
        "number, one digit missing": some(lambda r: r["identity_key"][:11] + r["identity_key"][12:]),
        "name, part": some(lambda r: r["seller_name"][2:6]),
        "name, 2 characters": some(lambda r: r["seller_name"][2:4]),
        "name, one character wrong": some(misspelt),
        "pinyin initials": some(lambda r: initials(r["seller_name"])[0][:5]),
        "exact amount": some(lambda r: f"{r['total_incl_fen'] / 100:.2f}"),
        "range of amounts": some(lambda r: f"{r['total_incl_fen'] // 100}-{r['total_incl_fen'] // 100 + 50}"),
        "name, month, amount": some(
            lambda r: f"{r['seller_name'][:4]} {r['issue_date']:%Y-%m} >{r['total_incl_fen'] // 200}"
        ),
        "item, month": some(lambda r: f"{rng.choice(('打印纸', '餐费', '软件'))} {r['issue_date']:%Y-%m}"),
        "remark": some(lambda r: f"HT-{rng.randrange(10**6):06d}"),
        "tax id": some(lambda r: r["seller_tax_id"]),
        "nothing fits": some(lambda r: f"无此{rng.randrange(10**9)}"),
    }


Timings = list[tuple[float, float]]


def timed(asks: list[str], answer: Callable[[str], Any]) -> Timings:
    taken = []
    for ask in asks:
        wall, worked = time.perf_counter(), time.process_time()
        answer(ask)
        taken.append(((time.perf_counter() - wall) * 1000, (time.process_time() - worked) * 1000))
    return taken


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(name: str, taken: Timings) -> None:
    wall, worked = [w for w, _ in taken], [p for _, p in taken]
    print(  # noqa: T201
        f"{name:<34} wall p50 {statistics.median(wall):8.1f}  p99 {quantile(wall, 0.99):8.1f}   "
        f"processor p50 {statistics.median(worked):7.1f}  p99 {quantile(worked, 0.99):7.1f} ms"
    )


def page(session: Session, index: SearchIndex, ask: str) -> list[RecordRow]:
    index.follow(session)
    found = find(index, Kind.RECORD, Asked(terms=take_apart(ask)), limit=30)
    ids = [hit.id for hit in found.hits]
    return list(session.scalars(select(RecordRow).where(RecordRow.id.in_(ids))))


def page_of_a_limited_accountant(session: Session, index: SearchIndex, user: User, ask: str) -> Sequence[HitRow]:
    """All that a request does: whose companies, the search, the database's last word, the places that were found."""
    index.follow(session)
    sees = seen_by(session, user)
    return found_in(session, index, sees, Kind.RECORD, Asked(terms=take_apart(ask)), limit=30).rows


def scan(session: Session, ask: str) -> list[RecordRow]:
    """What one writes first."""
    held = or_(*(
        column.contains(ask, autoescape=True)
        for column in (RecordRow.digital_invoice_number, RecordRow.invoice_number, RecordRow.seller_name,
                       RecordRow.buyer_name)
    ))  # fmt: skip
    query = select(RecordRow).where(held).order_by(RecordRow.issue_date.desc(), RecordRow.id.desc()).limit(30)
    return list(session.scalars(query))


def own_index(session: Session) -> Callable[[str], Any]:
    """The database's own trigram index over numbers and names."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("CREATE VIRTUAL TABLE peer USING fts5(t, tokenize='trigram', detail='none', content='')"))
        session.execute(text(
            "INSERT INTO peer(rowid, t) SELECT id, digital_invoice_number || ' ' || seller_name FROM records"
        ))  # fmt: skip
        query = (
            "SELECT r.id FROM peer JOIN records r ON r.id = peer.rowid WHERE peer MATCH :grams AND "
            "(r.digital_invoice_number LIKE :like OR r.seller_name LIKE :like) ORDER BY peer.rowid DESC LIMIT 30"
        )
    else:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        session.execute(text("CREATE INDEX peer ON records USING gin (digital_invoice_number gin_trgm_ops)"))
        session.execute(text("ANALYZE records"))
        query = "SELECT id FROM records WHERE digital_invoice_number LIKE :like ORDER BY id DESC LIMIT 30"
    session.commit()

    def answer(ask: str) -> Any:
        grams = " AND ".join(f'"{ask[at : at + 3]}"' for at in range(len(ask) - 2)) or f'"{ask}"'
        return session.execute(text(query), {"like": f"%{ask}%", "grams": grams}).all()

    return answer


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--each", type=int, default=100)
    options.add_argument("--url", default="")
    asked = options.parse_args()
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        migrate(url)
        engine = open_engine(url)
        with session_factory(engine)() as session:
            sample = fill(session, asked.records, rng)
            print(f"{session.scalar(select(func.count()).select_from(RecordRow))} records, {url.split(':')[0]}")  # noqa: T201
            index = index_of(session)
            before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
            index.follow(session)
            index.wait()
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            print(f"index read in {time.process_time() - begun:.1f} s processor, process grew by {grown:.0f} MiB")  # noqa: T201
            asks = questions(sample, rng, asked.each)
            whole: Timings = []
            for name, some in asks.items():
                taken = timed(some, lambda ask: page(session, index, ask))
                whole += taken
                show(name, taken)
            show("all of these", whole)
            user = limited(session, sample)
            among: Timings = []
            for some in asks.values():
                among += timed(some, lambda ask: page_of_a_limited_accountant(session, index, user, ask))
            show("all of these, 2 of 4 companies", among)
            few = {name: asks[name][:10] for name in ("whole number", "8 digits, anywhere", "name, part")}
            for name, some in few.items():
                show(f"LIKE scan: {name}", timed(some, lambda ask: scan(session, ask)))
            answer = own_index(session)
            for name in ("whole number", "8 digits, anywhere", "3 digits, anywhere"):
                show(f"trigram index: {name}", timed(asks[name][:30], answer))
        engine.dispose()


if __name__ == "__main__":
    main()
