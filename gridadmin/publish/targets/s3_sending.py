"""How requests of an S3 client are sent: every answer is read here, and no more than is allowed."""

from __future__ import annotations

from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.http import ANSWER_LIMIT
from gridadmin.publish.targets.target import CHUNK


class BoundedSending:
    """Sends for a client in place of its own connection, which would read any answer whole.

    Objects are left as streams, for whoever reads them knows how large they may be.
    """

    def __init__(
        self, endpoint: str, host: str, verify: bool | str, timeouts: tuple[float, float]
    ) -> None:
        self._host = host
        proxies = get_environ_proxies(endpoint)
        self._session = URLLib3Session(verify=verify, proxies=proxies, timeout=timeouts)

    def serve(self, client: Any) -> None:
        """Send all that *client* asks from now on."""
        client.meta.events.register("before-send.s3", self._send)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _send(self, request: Any, **_: object) -> AWSResponse:
        is_object: bool = request.stream_output
        request.stream_output = True
        said = self._session.send(request)
        answer = _BoundedAnswer(said, self._host)
        if not is_object:
            answer.read_whole()
        return answer


class _BoundedAnswer(AWSResponse):  # type: ignore[misc]
    """An answer whose content is at most :data:`ANSWER_LIMIT` bytes."""

    def __init__(self, said: AWSResponse, host: str) -> None:
        super().__init__(said.url, said.status_code, said.headers, said.raw)
        self._host = host
        self._read: bytes | None = None

    @property
    def content(self) -> bytes:
        """The content, read once."""
        return self.read_whole()

    def read_whole(self) -> bytes:
        """Return the content, read at the first time. Raises: ``target.answer_too_large``."""
        if self._read is None:
            content = bytearray()
            for piece in self.raw.stream(CHUNK):
                content += piece
                if len(content) > ANSWER_LIMIT:
                    self.raw.close()
                    raise TargetError("target.answer_too_large", host=self._host, name=self._host)
            self._read = bytes(content)
        return self._read
