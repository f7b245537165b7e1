"""One database session per request. The request owns the transaction: committed before the answer leaves, or never.

Never commits inside a service. `scope="function"` is what ends the transaction before the response is sent, so that
nobody is told "saved" before it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from models.database import transaction


def database(request: Request) -> Iterator[Session]:
    with transaction(request.app.state.sessions) as session:
        yield session


Database = Annotated[Session, Depends(database, scope="function")]
