"""Engine, sessions and migrations. SQLite in WAL mode by default, PostgreSQL by setting the address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

MIGRATIONS = Path(__file__).parent / "migrations"


def open_engine(url: str) -> Engine:
    """Engine for `url`; creates the folder of an SQLite file. What is committed survives a power cut."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _with_steady_types(create_engine(url, pool_pre_ping=True, hide_parameters=True))
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # parameters are names, amounts and password hashes, which no log and no error message is to hold
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        # 64 MiB of pages: with the default 2 MiB a large ledger's indexes are read again for every row of an import
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "cache_size=-65536")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "savepoint")
    def _within(connection: Connection, _name: str) -> None:
        """A savepoint outside a transaction would commit when it ends, and leave the rest of the work behind."""
        _begin_immediately(connection)

    return engine


def begin_writing(session: Session) -> None:
    """What is read from now on stays so until this session commits, where it is read `with_for_update`.

    SQLite has no locks of rows: the one writer's place is taken now, rather than at the first change. Until then each
    SELECT sees what others have committed meanwhile, and a change made of what was read before would undo theirs.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.flush()
        _begin_immediately(session.connection())


def _begin_immediately(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _with_steady_types(engine: Engine) -> Engine:
    """Whole numbers go to PostgreSQL as bigint, whatever their size.

    psycopg sends each in the smallest type that holds it, which makes other statements of one. It prepares nothing by
    itself here: on every rollback, which is how a reading session ends, it would have the server drop what is prepared,
    and with it what matching keeps (`matching.prepared_on_server`).
    """
    from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper  # not needed by those who use SQLite

    @event.listens_for(engine, "connect")
    def _dumpers(connection: Any, _record: Any) -> None:
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        connection.prepare_threshold = None

    return engine


#: PostgreSQL: serialization failure, deadlock, lock not available
_GAVE_WAY = frozenset({"40001", "40P01", "55P03"})
_SQLITE_BUSY = 5  #: in the lowest byte; the rest says of what


def gave_way(error: OperationalError) -> bool:
    """Another writer went first, or was too long about it: what failed may be tried again as it is."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return bool(code & 0xFF == _SQLITE_BUSY)
    return getattr(error.orig, "sqlstate", None) in _GAVE_WAY


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: sessionmaker[Session]) -> Iterator[Session]:
    """One unit of work: committed as a whole, or rolled back as a whole."""
    with factory.begin() as session:
        yield session
