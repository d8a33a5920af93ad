"""Arguments and options that most commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[str | None, typer.Option("--json", metavar="OUT")]
Project = Annotated[Path, typer.Argument(metavar="PROJECT")]
