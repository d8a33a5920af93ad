"""S3 and what speaks its language (MinIO, Ceph, OSS, COS, OBS)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.publish.targets.address import Address, s3_endpoint
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import RECHECK, TargetError, status_error
from gridadmin.publish.targets.reasons import why_unreachable, why_untrusted
from gridadmin.publish.targets.target import CHUNK, Entry, OnlyIf, Sent, own_part

if TYPE_CHECKING:
    from gridadmin.publish.targets.s3_sending import BoundedSending

PIECE = 8 * 1024 * 1024
"""Size of the pieces of a large file; a broken upload goes on with the piece that is missing."""
_TIMEOUT_S = 60.0
_CONNECT_S = 15.0
_LISTED = 10_000
_MOST_PAGES = 100
"""Pages of one listing; a server that names ever another one is believed no more."""
_ABSENT = ("NoSuchKey", "404", "NotFound")


class S3Target:
    """A prefix in a bucket. An object appears whole or not at all, so nothing is renamed here."""

    can_rename = False
    can_append = False

    def __init__(
        self, address: Address, credentials: Credentials, *, timeout_s: float = _TIMEOUT_S
    ) -> None:
        self._address = address
        self._bucket = address.host
        self._prefix = f"{address.path.strip('/')}/".lstrip("/")
        self._client, self._sending = _client(address, credentials, timeout_s)
        self._has_bucket = False

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    def entries(self) -> list[Entry] | None:
        """Return the objects below the prefix, without those deeper down."""
        with self._telling(""):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket,
                Prefix=self._prefix,
                Delimiter="/",
                PaginationConfig={"MaxItems": _LISTED},
            )
            return [
                Entry(one["Key"].removeprefix(self._prefix), one["Size"], one.get("ETag"))
                for page in islice(pages, _MOST_PAGES)
                for one in page.get("Contents", ())
                if one["Key"] != self._prefix
            ]

    def stat(self, name: str) -> Entry | None:
        """Return the object of that name."""
        try:
            with self._telling(name):
                said = self._client.head_object(Bucket=self._bucket, Key=self._key(name))
                return Entry(name, said["ContentLength"], said.get("ETag"))
        except TargetError as error:
            if error.code != "target.missing":
                raise
            self._need_bucket()
            return None

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of an object."""
        done = 0
        with self._telling(name):
            said = self._client.get_object(Bucket=self._bucket, Key=self._key(name))
            for chunk in said["Body"].iter_chunks(CHUNK):
                done += len(chunk)
                if done > limit:
                    raise TargetError("target.answer_too_large", host=self._bucket, name=name)
                yield chunk

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Send the object; pieces of a large one that arrived before are not sent again."""
        where = {"Bucket": self._bucket, "Key": self._key(name)}
        source.seek(0)
        with self._telling(name):
            if size <= PIECE:
                self._client.put_object(Body=source.read(size), **where, **_condition(only_if))
                sent(size)
                return
            upload = self._upload_of(where)
            try:
                pieces = self._send_pieces(where | {"UploadId": upload}, source, size, sent)
            except Cancelled:
                with suppress(Exception):
                    self._client.abort_multipart_upload(UploadId=upload, **where)
                raise
            self._client.complete_multipart_upload(
                UploadId=upload, MultipartUpload={"Parts": pieces}, **where, **_condition(only_if)
            )

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Not offered: see ``can_rename``."""
        raise TargetError("target.no_method", host=self._bucket, status=501)

    def remove(self, name: str) -> None:
        """Remove an unfinished upload."""
        with self._telling(name):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(own_part(name)))

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
        self._sending.close()

    def _need_bucket(self) -> None:
        """Tell a bucket that is not there from an object that is not there: S3 says 404 of both.

        A key that may not ask for the bucket is believed that there is one.
        """
        if self._has_bucket:
            return
        try:
            with self._telling(""):
                self._client.head_bucket(Bucket=self._bucket)
        except TargetError as error:
            if error.code == "target.missing":
                raise TargetError("target.no_bucket", name=self._bucket) from error
            if error.is_passing:
                raise
        self._has_bucket = True

    def _key(self, name: str) -> str:
        return self._prefix + name

    def _upload_of(self, where: dict[str, Any]) -> str:
        """Return the unfinished upload of this object, or begin one."""
        begun = self._client.list_multipart_uploads(Bucket=where["Bucket"], Prefix=where["Key"])
        ours = [one for one in begun.get("Uploads", ()) if one["Key"] == where["Key"]]
        if ours:
            return str(max(ours, key=lambda one: one["Initiated"])["UploadId"])
        return str(self._client.create_multipart_upload(**where)["UploadId"])

    def _send_pieces(
        self, upload: dict[str, Any], source: BinaryIO, size: int, sent: Sent
    ) -> list[dict[str, Any]]:
        there = {
            one["PartNumber"]: (one["Size"], one["ETag"])
            for page in islice(
                self._client.get_paginator("list_parts").paginate(**upload), _MOST_PAGES
            )
            for one in page.get("Parts", ())
        }
        pieces = []
        done = 0
        for number in range(1, -(-size // PIECE) + 1):
            piece = source.read(min(PIECE, size - done))
            digest = hashlib.md5(piece, usedforsecurity=False).hexdigest()
            if there.get(number) == (len(piece), f'"{digest}"'):
                tag = there[number][1]
            else:
                tag = self._client.upload_part(Body=piece, PartNumber=number, **upload)["ETag"]
            pieces.append({"PartNumber": number, "ETag": tag})
            done += len(piece)
            sent(done)
        return pieces

    @contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        from botocore import exceptions as said
        from urllib3.exceptions import HTTPError
        from urllib3.exceptions import ReadTimeoutError as ReadTimeout

        host = self._bucket
        try:
            yield
        except said.ClientError as error:
            raise self._refusal(error.response, name) from error
        except said.NoCredentialsError as error:
            raise TargetError("target.no_credentials", host=host) from error
        except said.SSLError as error:
            why = why_untrusted(error) or "TLS"
            raise TargetError("target.untrusted", host=host, why=why) from error
        except (said.ConnectTimeoutError, said.ReadTimeoutError, ReadTimeout) as error:
            raise TargetError("target.timeout", is_passing=True, host=host) from error
        except said.EndpointConnectionError as error:
            endpoint = s3_endpoint(self._address)
            raise TargetError(
                "target.unreachable", is_passing=True, host=endpoint, why=why_unreachable(error)
            ) from error
        except KeyError as error:
            # An answer that was cut inside its head has lost what must be there.
            raise TargetError("target.broken_off", is_passing=True, host=host) from error
        except (said.HTTPClientError, said.IncompleteReadError, HTTPError, OSError) as error:
            raise TargetError("target.broken_off", is_passing=True, host=host) from error
        except said.BotoCoreError as error:
            raise TargetError("target.bad_answer", host=host) from error

    def _refusal(self, response: dict[str, Any], name: str) -> TargetError:
        code = str(response.get("Error", {}).get("Code", ""))
        meta = response.get("ResponseMetadata", {})
        status = int(meta.get("HTTPStatusCode", 0))
        if code == "NoSuchBucket":
            return TargetError("target.no_bucket", name=self._bucket)
        if code in _ABSENT:
            return TargetError("target.missing", host=self._bucket, name=name)
        if code in ("InvalidAccessKeyId", "SignatureDoesNotMatch"):
            return TargetError("target.login_refused", host=self._bucket)
        if code == "ConditionalRequestConflict":
            return TargetError(RECHECK, host=self._bucket, name=name)
        if code == "NoSuchUpload":
            return TargetError("target.broken_off", is_passing=True, host=self._bucket)
        after = meta.get("HTTPHeaders", {}).get("retry-after")
        return status_error(status, host=self._bucket, name=name, retry_after=after)


def _client(
    address: Address, credentials: Credentials, timeout_s: float
) -> tuple[Any, BoundedSending]:
    """Return a client, and what sends for it."""
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    from gridadmin.publish.targets.s3_sending import BoundedSending

    if not credentials.user or not credentials.secret:
        raise TargetError("target.no_credentials", host=address.host)
    endpoint = s3_endpoint(address)
    verify = str(credentials.ca) if credentials.ca else True
    try:
        client = _session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=address.options.get("region") or "us-east-1",
            aws_access_key_id=credentials.user,
            aws_secret_access_key=credentials.secret,
            verify=verify,
            config=Config(
                signature_version="s3v4",
                retries={"total_max_attempts": 1},  # patience is ours
                s3={"addressing_style": "path" if "endpoint" in address.options else "auto"},
                # Others than AWS don't know the new checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
    except (BotoCoreError, ValueError) as error:
        raise InputError("target.bad_url", url=address.url) from error
    sending = BoundedSending(
        endpoint, address.host, verify, (min(_CONNECT_S, timeout_s), timeout_s)
    )
    sending.serve(client)
    return client, sending


def _session() -> Any:
    """Return a session that heeds no profile and no file of AWS tools."""
    import boto3
    from botocore.session import Session

    unset = (None, None, None, None)
    nowhere = (None, None, os.devnull, None)
    given = {"profile": unset, "ca_bundle": unset, "config_file": nowhere}
    return boto3.Session(
        botocore_session=Session(session_vars=given | {"credentials_file": nowhere})
    )


def _condition(only_if: OnlyIf) -> dict[str, str]:
    if only_if.is_absent:
        return {"IfNoneMatch": "*"}
    return {} if only_if.tag is None else {"IfMatch": only_if.tag}
