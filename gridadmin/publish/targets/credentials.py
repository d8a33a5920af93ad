"""User names and secrets: from the environment or the system's keyring, never from our files."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from gridadmin.base.errors import InputError
from gridadmin.publish.targets.faults import TargetError

USER, PASSWORD, CA, KEY_FILE = (
    "GRIDADMIN_USER",
    "GRIDADMIN_PASSWORD",
    "GRIDADMIN_CA",
    "GRIDADMIN_KEY_FILE",
)
_SERVICE = "gridadmin"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to one server. The secret shows in no representation.

    ``ca`` is a file of certificates that are trusted in place of the system's; ``key_file`` a
    private key for SFTP, whose passphrase the secret then is.
    """

    user: str = ""
    secret: str = field(default="", repr=False)
    ca: Path | None = None
    key_file: Path | None = None


NOBODY = Credentials()


def find_credentials(
    origin: str, user: str = "", ca: Path | None = None, key_file: Path | None = None
) -> Credentials:
    """Return what is known for the server *origin*, the environment before the keyring.

    A secret in the keyring belongs to one origin and user: when the address of a target is
    changed, the secret stays behind.

    Raises: InputError ``target.no_ca`` for a certificate file that isn't there, ``target.bad_ca``
    for one that holds no certificate.
    """
    named_ca = os.environ.get(CA)
    authority = Path(named_ca) if named_ca else ca
    if authority is not None:
        _require_certificates(authority)
    named_key = os.environ.get(KEY_FILE)
    key = Path(named_key) if named_key else key_file
    name = os.environ.get(USER, user)
    secret = os.environ.get(PASSWORD)
    if secret is None:
        secret = recall_secret(origin, name) if name else ""
    return Credentials(name, secret, authority, key)


def _require_certificates(file: Path) -> None:
    if not file.is_file():
        raise InputError("target.no_ca", file=str(file))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=str(file))
    except (OSError, ValueError) as error:
        raise InputError("target.bad_ca", file=str(file)) from error


def recall_secret(origin: str, user: str) -> str:
    """Return the secret in the keyring, empty when there is none or no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_service(origin), user) or ""
    except KeyringError:
        return ""


def keep_secret(origin: str, user: str, secret: str) -> None:
    """Put a secret into the system's keyring; an empty one takes it out.

    Raises: TargetError ``target.no_keyring``.
    """
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if secret:
            keyring.set_password(_service(origin), user, secret)
        else:
            keyring.delete_password(_service(origin), user)
    except PasswordDeleteError:
        return
    except KeyringError as error:
        # What the keyring says is not passed on: it might repeat the secret.
        raise TargetError("target.no_keyring") from error


def _service(origin: str) -> str:
    return f"{_SERVICE} {origin}"
