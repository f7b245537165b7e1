"""Earlier invoices of a seller are found through an index, by its name as by its tax id, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from matching.supplement.history import party_query
from models.database import migrate, open_engine

MANY = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO records (identity_key, seller_name, seller_tax_id, issue_date, state, direction, damaged, origin,
                         created_at, updated_at)
    SELECT 'k' || i, '供应商' || (i % 4000), 'ID' || (i % 4000), '2024-06-01', 'normal', 'input', '{}', 'import',
           '2024-06-01', '2024-06-01' FROM n
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/many.sqlite"
    else:
        new: Callable[[str], str] = request.getfixturevalue("postgresql_url")
        url = new("template1")
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(MANY))
        connection.execute(text("ANALYZE"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "ground", "known", "index"),
    [
        ("seller_tax_id", "seller_name", "供应商7", "ix_records_seller_name"),
        ("seller_name", "seller_tax_id", "ID7", "ix_records_seller_tax_id"),
    ],
)
def test_no_scan(engine: Engine, wanted: str, ground: str, known: str, index: str) -> None:
    query = party_query(wanted, ground, known)
    said = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + said))
        assert len(connection.execute(query).all()) == 5
    assert index in plan, plan
    assert "SCAN records" not in plan and "Seq Scan" not in plan, plan
