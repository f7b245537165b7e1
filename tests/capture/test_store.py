"""Originals survive, and are what their name says."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from capture.limits import Limits
from capture.store import OriginalStore
from models.errors import DocumentError


def test_content_comes_back_whatever_it_was_given_as(store: OriginalStore, tmp_path: Path) -> None:
    data = b"invoice" * 1000
    (tmp_path / "a.pdf").write_bytes(data)
    for source in (data, io.BytesIO(data), tmp_path / "a.pdf"):
        stored = store.put(source)
        assert stored.sha256 == hashlib.sha256(data).hexdigest()
        assert stored.size == len(data)
        assert store.read(stored.sha256) == data
    assert [p for p in store.root.rglob("*") if p.is_file()] == [store.path(stored.sha256)]


def test_nothing_is_left_of_a_file_over_the_limit(store: OriginalStore) -> None:
    with pytest.raises(DocumentError) as caught:
        store.put(b"x" * 2001, Limits(max_file_bytes=2000))
    assert caught.value.code == "too_large"
    assert [p for p in store.root.rglob("*") if p.is_file()] == []


def test_verify_finds_changed_originals_and_putting_again_heals_them(store: OriginalStore) -> None:
    good, bad = store.put(b"good"), store.put(b"bad")
    store.path(bad.sha256).chmod(0o600)
    store.path(bad.sha256).write_bytes(b"b\x00d")
    assert store.verify().checked == 2
    assert store.verify().damaged == (bad.sha256,)
    store.put(b"bad")
    assert store.verify().damaged == ()
    assert store.read(good.sha256) == b"good"


def test_only_a_hash_is_a_path(store: OriginalStore) -> None:
    with pytest.raises(ValueError):
        store.path("../../etc/passwd")
