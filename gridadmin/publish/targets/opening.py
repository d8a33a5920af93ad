"""From an address to the target that is there."""

from __future__ import annotations

from gridadmin.publish.targets.address import Address, Kind
from gridadmin.publish.targets.credentials import NOBODY, Credentials
from gridadmin.publish.targets.host_keys import HostKeys
from gridadmin.publish.targets.target import Target

_TIMEOUT_S = 60.0


def open_target(
    address: Address,
    credentials: Credentials = NOBODY,
    *,
    host_key: str = "",
    makes_folder: bool = False,
    timeout_s: float = _TIMEOUT_S,
) -> Target:
    """Return the target at *address*; libraries of a kind are loaded when it is used.

    *host_key* is the fingerprint of an SSH server that the user has confirmed; with *makes_folder*
    a folder of this computer may be made. Raises: TargetError
    ``target.no_credentials`` for S3 without keys.
    """
    match address.kind:
        case Kind.FOLDER:
            from gridadmin.publish.targets.folder import FolderTarget

            return FolderTarget(address.folder, makes_folder=makes_folder)
        case Kind.SFTP:
            from gridadmin.publish.targets.sftp import SftpTarget

            return SftpTarget(address, credentials, HostKeys(host_key), timeout_s=timeout_s)
        case Kind.S3:
            from gridadmin.publish.targets.s3 import S3Target

            return S3Target(address, credentials, timeout_s=timeout_s)
        case Kind.GEOSERVER | Kind.WEBDAV:
            return _over_http(address, credentials, timeout_s)


def _over_http(address: Address, credentials: Credentials, timeout_s: float) -> Target:
    from gridadmin.publish.targets.geoserver import GeoServerTarget
    from gridadmin.publish.targets.http import Connection
    from gridadmin.publish.targets.webdav import WebDavTarget

    connection = Connection(address.origin, credentials, timeout_s=timeout_s)
    if address.kind is Kind.GEOSERVER:
        return GeoServerTarget(address, connection)
    return WebDavTarget(address, connection)
