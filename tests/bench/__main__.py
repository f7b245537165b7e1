"""`make bench`: every benchmark that needs no long preparation."""

from __future__ import annotations

from tests.bench import reading

reading.main()
