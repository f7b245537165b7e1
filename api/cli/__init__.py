"""The `chapiao` command: one file per group of commands, thin over the same functions the web uses.

Results go to standard output, everything else (progress, warnings, errors) to standard error. Exit codes: 0 done,
1 something failed, 2 wrong use or wrong settings. Imports stay light here: reading processes import this module too.
"""

from __future__ import annotations

import os
import sys

import typer

from api.cli import (
    accounts,
    companies,
    demonstration,
    draft_papers,
    intake,
    reading,
    reconciling,
    records,
    service,
    upkeep,
    weights,
)
from api.cli.output import complain
from models.errors import ChapiaoError, RequestError

app = typer.Typer(
    name="chapiao",
    help="查票：读取发票、核对台账、诊断缺失、起草补录。"
    " · Reads Chinese VAT invoices, finds the missing ones, drafts the supplement.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (demonstration, service, reading, intake, records, reconciling, upkeep):
    group.register(app)
app.add_typer(companies.companies, name="companies")
app.add_typer(draft_papers.commands, name="drafts")
app.add_typer(accounts.commands, name="users")
app.add_typer(weights.commands, name="weights")


def main() -> None:
    """Entry point of `chapiao`."""
    from api.pipeline.logs import log_to_stderr

    log_to_stderr()
    try:
        app()
    except RequestError as error:
        complain(error)
        sys.exit(2)
    except ChapiaoError as error:
        complain(error)
        sys.exit(1)
    except BrokenPipeError:  # `chapiao … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
