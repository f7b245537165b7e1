"""The documentation names every setting, every command and every option there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from api.cli import app
from api.cli.upkeep import settings_page
from models.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))  # type: ignore[arg-type]
        else:
            yield " ".join(("chapiao", *path, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))  # type: ignore[arg-type]


def test_settings_page_is_what_the_settings_class_says() -> None:
    """Regenerate with `chapiao settings --markdown > docs/settings.md`."""
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == settings_page()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in (DOCS / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str) -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    options = [o for p in COMMANDS[command].params for o in p.opts if o.startswith("--") and o != "--help"]
    assert [option for option in options if option not in page] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command: str) -> None:
    assert COMMANDS[command].help


def test_the_page_names_no_command_that_is_gone() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    named = [part.split("`")[0] for part in page.split("**`")[1:]]
    assert [name for name in named if not any(name == c or name.startswith(f"{c} ") for c in COMMANDS)] == []
