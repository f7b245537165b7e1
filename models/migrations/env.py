"""Alembic environment: the address comes from `models.database.migrate`, never from a file."""

from typing import Any, Literal

from alembic import context

from models.database import open_engine
from models.tables import Base
from models.tables.base import Moment

url: str = context.config.attributes["url"]
engine = open_engine(url)


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must not change when the model's own column type does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # to change a table is to copy and drop it: with them on, what refers to its rows would go with it
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        transactional_ddl=True,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        if sqlite:  # the driver begins by itself only before data are written: all of it, or nothing
            connection.exec_driver_sql("BEGIN")
        context.run_migrations()
engine.dispose()
