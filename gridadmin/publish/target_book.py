"""The user's publishing targets, kept in ``targets.toml``: everything but secrets."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.base.texts import Reason
from gridadmin.domain.export_note import Profile
from gridadmin.domain.toml_files import read_toml
from gridadmin.exchange.people_tables import PEOPLE_EXTRAS
from gridadmin.publish.choice import INTERNAL_TABLES, Choice
from gridadmin.publish.mapping import PLAIN, mapping_of
from gridadmin.publish.own_folders import config_folder
from gridadmin.publish.target_text import target_text, with_target, without_target
from gridadmin.publish.targets.address import Address, looks_like_url, parse_address
from gridadmin.publish.targets.credentials import Credentials, find_credentials
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.target import Target
from gridadmin.store.durable import whole_file

FILE = "targets.toml"
TABLES = (*PEOPLE_EXTRAS, "issues")
"""The tables that a target may get."""


@dataclass(frozen=True, slots=True)
class TargetSetting:
    """One publishing target: where it is, as whom, what it gets, and under which names.

    ``levels`` empty means all, ``area`` empty the whole project; ``tables`` None means the usual
    ones of the profile. ``mapping`` is the TOML table that :func:`mapping_of` reads.
    """

    name: str
    url: str
    user: str = ""
    profile: str = Profile.PUBLIC
    ca: str = ""
    key_file: str = ""
    host_key: str = ""
    levels: tuple[str, ...] = ()
    area: str = ""
    tables: tuple[str, ...] | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        """The address. Raises: InputError."""
        return parse_address(self.url)

    def choice(self, profile: str) -> Choice:
        """Return what a package for this target holds. Raises: InputError ``mapping.…``."""
        usual = INTERNAL_TABLES if profile == Profile.INTERNAL else ()
        return Choice(
            self.levels or None,
            self.area or None,
            usual if self.tables is None else self.tables,
            mapping_of(self.mapping, self.name) if self.mapping else PLAIN,
        )

    def credentials(self) -> Credentials:
        """Return who we are there. Raises: InputError ``target.no_ca``."""
        return find_credentials(
            self.address.origin, self.user, _path(self.ca), _path(self.key_file)
        )

    def open(self, *, makes_folder: bool = False) -> Target:
        """Return the target itself. Raises: InputError, TargetError."""
        return open_target(
            self.address, self.credentials(), host_key=self.host_key, makes_folder=makes_folder
        )


class TargetBook:
    """All targets of this user, in the order of the file."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / FILE

    def all(self) -> list[TargetSetting]:
        """Return the targets.

        Raises: InputError ``target.bad_settings`` that names the file and the place; those of
        :func:`read_toml`.
        """
        if not self.path.is_file():
            return []
        data = read_toml(self.path)
        try:
            return _settings_in(data)
        except (ValueError, TypeError, AttributeError) as error:
            what = Reason(getattr(error, "what", "target_fault.wrong_type"))
            raise InputError(
                "target.bad_settings", file=str(self.path), why=str(error), what=what
            ) from error

    def find(self, named: str) -> TargetSetting:
        """Return the target of that name, or one made of an address.

        An address that a target of the book has is that target.

        Raises: InputError ``target.unknown_name``, ``target.bad_url`` and others.
        """
        known = self.all()
        if looks_like_url(named):
            url = parse_address(named).url
            same = (one for one in known if _is_at(one, url))
            return next(same, TargetSetting(url, url))
        for one in known:
            if one.name == named:
                return one
        names = "、".join(one.name for one in known) or "-"
        raise InputError("target.unknown_name", name=named, known=names)

    def keep(self, setting: TargetSetting, instead_of: str | None = None) -> None:
        """Add a target, or put it in the place of the one that was called *instead_of*.

        Raises: InputError ``target.no_name``, ``target.name_taken``, ``target.bad_url`` and others;
        StoreError of the disk.
        """
        name = setting.name.strip()
        if not name or looks_like_url(name) or not name.isprintable():
            raise InputError("target.no_name")
        setting.address  # noqa: B018 (refuses an address that is none)
        known = self.all()
        if name != instead_of and any(one.name == name for one in known):
            raise InputError("target.name_taken", name=name)
        places = [place for place, one in enumerate(known) if one.name == instead_of]
        if places:
            known[places[0]] = setting
        else:
            known.append(setting)
        old = instead_of if places else None
        self._write(known, lambda text: with_target(text, old, name, _table(setting)))

    def remove(self, name: str) -> None:
        """Take a target out; what was published stays. Raises: StoreError of the disk."""
        others = [one for one in self.all() if one.name != name]
        self._write(others, lambda text: without_target(text, name))

    def _write(self, settings: list[TargetSetting], change: Callable[[str], str]) -> None:
        """Write the file: the user's own text changed, or anew where that can't be done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = self._changed_text(change)
        if text is None or _settings_in(tomllib.loads(text)) != settings:
            text = "\n".join(target_text(one.name, _table(one)) for one in settings)
        with whole_file(self.path) as draft:
            draft.write_text(text, encoding="utf-8")

    def _changed_text(self, change: Callable[[str], str]) -> str | None:
        """Return the user's own text changed, None where there is none or it can't be cut."""
        try:
            text = change(self.path.read_text(encoding="utf-8-sig"))
            _settings_in(tomllib.loads(text))
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return None
        return text


def _is_at(setting: TargetSetting, url: str) -> bool:
    """Return whether a target has that address; another's that is none stands in nobody's way."""
    try:
        return setting.address.url == url
    except InputError:
        return False


_LISTS = ("levels", "tables")
_SECRETS = ("password", "secret", "token", "passphrase")


class _FaultError(ValueError):
    """What is wrong at a place of the file; *what* is the code of a text."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(place)
        self.what = what


def _settings_in(data: Mapping[str, Any]) -> list[TargetSetting]:
    tables = data.get("targets", {})
    if not isinstance(tables, dict):
        raise TypeError("targets")
    return [_setting(name, table) for name, table in tables.items()]


def _setting(name: str, table: Mapping[str, Any]) -> TargetSetting:
    known = [one.name for one in fields(TargetSetting)]
    head = f"[targets.{json.dumps(name, ensure_ascii=False)}]"
    if not isinstance(table, dict) or "url" not in table:
        raise _FaultError(f"{head} url", "target_fault.no_url")
    for key, value in table.items():
        place = f"{head} {key}"
        if key in _SECRETS:
            raise _FaultError(place, "target_fault.secret")
        if key not in known or key == "name":
            raise _FaultError(place, "target_fault.unknown_key")
        kind = dict if key == "mapping" else list if key in _LISTS else str
        if not isinstance(value, kind):
            raise TypeError(place)
        if key in _LISTS and not all(isinstance(one, str) for one in value):
            raise TypeError(place)
    values: dict[str, Any] = {
        key: tuple(value) if key in _LISTS else value for key, value in table.items()
    }
    setting = TargetSetting(name=name, **values)
    if setting.profile not in tuple(Profile) or not set(setting.tables or ()) <= set(TABLES):
        raise _FaultError(head, "target_fault.unknown_value")
    return setting


def _table(setting: TargetSetting) -> dict[str, Any]:
    """Return what the file says of a target: what is as usual isn't told."""
    table: dict[str, Any] = {}
    for one in fields(TargetSetting):
        value = getattr(setting, one.name)
        if one.name == "name" or value is None or value in ("", (), {}):
            continue
        if one.name in _LISTS:
            value = list(value)
        table[one.name] = value if one.name in (*_LISTS, "mapping") else str(value)
    return table


def _path(text: str) -> Path | None:
    return Path(text) if text else None
