"""Where log lines go: standard error, readable on a terminal, JSON elsewhere. Standard output belongs to results."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog


def log_to_stderr() -> None:
    """Set up logging of this process. Each reading process calls it too."""
    renderer: Any = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    level = logging.getLevelNamesMapping().get(os.environ.get("LOG_LEVEL", "WARNING").upper(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
