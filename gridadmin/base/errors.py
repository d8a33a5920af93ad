"""The one family of errors that the program raises on purpose.

An error carries a code and parameters; its sentence stands in ``resources/texts/{zh,en}.toml`` so
that window and command line say the same. Faults in data are issues, not errors.
"""

from __future__ import annotations


class GridAdminError(Exception):
    """A refusal with a *code* (``family.what``) and the *params* that its sentence needs."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({details})"


class EditError(GridAdminError):
    """An edit is refused; nothing has moved."""


class InputError(GridAdminError):
    """What the user brought (file, layer, row, option) can't be used as it is."""


class StoreError(GridAdminError):
    """The project file can't be read or written; what was acknowledged before is still there."""


class SchemeError(GridAdminError):
    """A scheme file holds something that the program doesn't know or can't accept."""


class Cancelled(GridAdminError):
    """The user cancelled a long job; nothing was kept of it."""

    def __init__(self) -> None:
        super().__init__("job.cancelled")
