"""Opened documents for the readers' tests, made from bytes and tags without opening real files."""

from __future__ import annotations

import hashlib

from models.pages import Attachment, Media, OpenedDocument


def opened(
    media: Media,
    data: bytes = b"",
    *,
    attachments: dict[str, bytes] | None = None,
    metadata: dict[str, str] | None = None,
    tags: dict[str, tuple[str, ...]] | None = None,
) -> OpenedDocument:
    return OpenedDocument(
        name=f"invoice.{media}",
        media=media,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        attachments=tuple(Attachment(name, content) for name, content in (attachments or {}).items()),
        metadata=metadata or {},
        tags=tags or {},
    )
