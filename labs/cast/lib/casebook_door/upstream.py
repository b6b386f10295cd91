"""One HTTP request to a service, whose answer is read as it comes. A connection each, as for a casebook's asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from casebook.client import CHUNK, MAX_HEAD
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

CONNECT_S = 5.0
Headers = Sequence[tuple[bytes, bytes]]
HOP = frozenset(
    b"connection expect keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
"""Headers that speak of one connection, so they are not handed on."""


class Lost(Exception):
    """There is no whole answer. The message says why, in one sentence."""


class Upstream:
    """A connection with a request on it.

    Attributes:
        status, headers: of the answer, once `head` returned; headers of one connection are left out.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, bodiless: bool) -> None:
        self._reader, self._writer, self._bodiless = reader, writer, bodiless
        self._parser = HttpResponseParser(self)
        self._read = 0
        self._parts: list[bytes] = []
        self._delimited = self._headed = self._whole = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []

    @classmethod
    async def opened(cls, address: tuple[str, int], method: str, path: str, headers: Headers, body: bytes) -> Upstream:
        """Connect and send a request; `headers` are those of a user, as they came.

        Raises:
            Lost: nobody takes it.
        """
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(*address, limit=CHUNK)
        except (OSError, TimeoutError) as error:
            raise Lost(f"the service cannot be reached: {getattr(error, 'strerror', '') or error!r}") from None
        lines = [f"{method} {path} HTTP/1.1".encode("latin-1"), b"connection: close"]
        lines += [name + b": " + value for name, value in headers if name not in HOP and name != b"content-length"]
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(b"content-length: %d" % len(body))
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)  # not drained: the answer may come before all is read
        return cls(reader, writer, bodiless=method == "HEAD")

    def end(self) -> None:
        """Close the connection, whatever is still to come; who reads from it meets its end."""
        self._writer.transport.abort()

    async def head(self) -> None:
        """Wait for status and headers.

        Raises:
            Lost: they do not come, or are no HTTP.
        """
        while not self._headed:
            data = await self._more()
            self._read += len(data)
            if self._read > MAX_HEAD and not self._headed:
                raise Lost(f"the head of the answer has more than {MAX_HEAD} bytes")
        if not 200 <= self.status < 600:
            raise Lost(f"status {self.status} is none of HTTP's")
        self._whole |= self._bodiless

    async def parts(self) -> AsyncIterator[bytes]:
        """The body, in the pieces in which it comes.

        Raises:
            Lost: the service hung up before all of it was there.
        """
        while True:
            if self._parts:
                part = b"".join(self._parts)
                self._parts.clear()
                yield part
            if self._whole:
                return
            await self._more()

    async def _more(self) -> bytes:
        try:
            data = await self._reader.read(CHUNK)
        except OSError as error:
            raise Lost(f"the connection broke: {error.strerror or error}") from None
        if not data:
            if not self._headed or self._delimited:
                raise Lost("the connection was closed before the answer was whole")
            self._whole = True
            return data
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            if not self._whole:
                raise Lost("the answer is no HTTP") from None
        return data

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        if self._headed:
            return  # a trailer
        self._delimited |= name.lower() in (b"content-length", b"transfer-encoding")
        if name.lower() not in HOP:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        if self._headed:
            return
        self.status = self._parser.get_status_code()
        self._headed = self.status >= 200
        if not self._headed:
            self.headers.clear()

    def on_body(self, data: bytes) -> None:
        """Called by the parser."""
        if not self._whole:
            self._parts.append(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._whole = self._headed
