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
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
