"""A keep-alive HTTP client that costs next to nothing, so that what is measured is the server."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

HOST = "127.0.0.1"
LIMIT = 60.0  # seconds for any one answer
PIECE = 1 << 20


class Unexpected(Exception):
    """Tell that the server answered something else than it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold one answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class Client:
    """Speak HTTP/1.1 over one connection to the server under measurement."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self._socket = socket.create_connection((HOST, port), timeout=LIMIT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, method: str, path: str, body: Any = None, *, etag: str = "", expect: int = 200) -> Answer:
        """Send one request with a JSON body, if any; raise `Unexpected` for another status."""
        self._socket.sendall(self.message(method, path, body, etag))
        return self._expected(self.answer(), expect, f"{method} {path}")

    def get(self, path: str) -> Answer:
        """Send GET."""
        return self.send("GET", path)

    def message(self, method: str, path: str, body: Any = None, etag: str = "") -> bytes:
        """Return a request as it goes over the wire."""
        lines = self._start(method, path)
        data = b""
        if method != "GET":
            data = json.dumps(body or {}).encode()
            lines += ["Content-Type: application/json", "X-Requested-By: certway", f"Content-Length: {len(data)}"]
        lines += [f'If-Match: "{etag}"'] if etag else []
        return "\r\n".join([*lines, "", ""]).encode() + data

    def put_file(self, path: str, file: BinaryIO, length: int) -> Answer:
        """Send a file's bytes, from the disk to the connection without a copy in between."""
        self._announce(path, length)
        self._socket.sendfile(file)
        return self._expected(self.answer(), 204, "PUT of a file")

    def put_bytes(self, path: str, *pieces: bytes) -> Answer:
        """Send bytes that are in memory."""
        self._announce(path, sum(map(len, pieces)))
        for piece in pieces:
            self._socket.sendall(piece)
        return self._expected(self.answer(), 204, "PUT of bytes")

    def fetch(self, path: str) -> int:
        """Receive a body of any length in constant memory; return how many bytes came."""
        self._socket.sendall(self.message("GET", path))
        status, headers, begun = self._head()
        length, come, buffer = int(headers["content-length"]), len(begun), memoryview(bytearray(PIECE))
        if status != 200:
            raise Unexpected(f"GET of a file: {status}")
        while come < length and (count := self._socket.recv_into(buffer)):
            come += count
        return come

    def answer(self) -> Answer:
        """Receive one answer."""
        status, headers, body = self._head()
        length = int(headers.get("content-length", 0))
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._more(missing))
            missing -= len(parts[-1])
        return Answer(status, headers, b"".join(parts))

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _announce(self, path: str, length: int) -> None:
        head = [*self._start("PUT", path), "Content-Type: application/octet-stream", f"Content-Length: {length}"]
        self._socket.sendall("\r\n".join([*head, "", ""]).encode())

    def _start(self, method: str, path: str) -> list[str]:
        cookie = [f"Cookie: {self.cookie}"] if self.cookie else []
        return [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", "Accept: application/json", *cookie]

    def _head(self) -> tuple[int, dict[str, str], bytes]:
        come = self._more(1 << 16)
        while b"\r\n\r\n" not in come:
            come += self._more(1 << 16)
        head, _, body = come.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines[1:])
        return int(lines[0].split(" ")[1]), {name.lower(): value.strip() for name, _, value in pairs}, body

    def _more(self, most: int) -> bytes:
        come = self._socket.recv(most)
        if not come:
            raise Unexpected("the server closed the connection")
        return come

    @staticmethod
    def _expected(answer: Answer, status: int, what: str) -> Answer:
        if answer.status != status:
            raise Unexpected(f"{what}: {answer.status} {answer.body[:300].decode(errors='replace')}")
        return answer


def sign_in(port: int, email: str, password: str) -> str:
    """Sign in and return the cookie."""
    client = Client(port)
    answer = client.send("POST", "/api/session", {"email": email, "password": password})
    client.close()
    return answer.headers["set-cookie"].split(";")[0]
