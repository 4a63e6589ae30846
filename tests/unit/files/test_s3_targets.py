"""URLs presigned for S3, read as S3 reads them; and how the clients that sign them are set."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, parse_qs, urlsplit

import pytest

from portal.files.port import Target
from portal.files.s3 import Connection, S3Files

SHA256 = "d1" * 32
NOW = 1_800_000_000


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_SESSION_TOKEN", "session")
        yield Connection(region="eu-central-1")


def adapter(connection: Connection, clock: Callable[[], float] = lambda: NOW) -> S3Files:
    return S3Files(connection, quarantine="waiting", evidence="kept", clock=clock)


def upload(files: S3Files, expires_at: int = NOW + 600) -> Target:
    return files.upload_target("northwind", "u1", length=7, sha256=SHA256, expires_at=expires_at)


def download(files: S3Files, filename: str = "Plan.pdf", expires_at: int = NOW + 60) -> Target:
    return files.download_target("northwind", SHA256, filename=filename, expires_at=expires_at)


def parts(target: Target) -> tuple[SplitResult, dict[str, str]]:
    split = urlsplit(target.url)
    return split, {name: values[0] for name, values in parse_qs(split.query).items()}


class TestUpload:
    """URLs to send to."""

    def test_bound_headers(self, connection: Connection) -> None:
        """Length, type, SHA-256 and create-only are all signed, and the target names exactly those headers."""
        target = upload(adapter(connection))
        _, query = parts(target)
        assert query["X-Amz-SignedHeaders"].split(";") == sorted(["host", *map(str.lower, target.headers)])
        assert b64decode(target.headers["x-amz-checksum-sha256"]).hex() == SHA256
        assert {name: value for name, value in target.headers.items() if name[0] != "x"} == {
            "Content-Length": "7",
            "Content-Type": "application/octet-stream",
            "If-None-Match": "*",
        }

    def test_address(self, connection: Connection) -> None:
        """The URL leads to the bucket in its region, over TLS, under a key of ours."""
        split, query = parts(upload(adapter(connection)))
        assert (split.scheme, split.netloc) == ("https", "waiting.s3.eu-central-1.amazonaws.com")
        assert split.path == "/northwind/u1"
        assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
        assert query["X-Amz-Security-Token"] == "session"


class TestDownload:
    """URLs to fetch from."""

    def test_address(self, connection: Connection) -> None:
        """The URL leads to the file by its hash and fixes how it is answered."""
        split, query = parts(download(adapter(connection), "Überblick.xlsx"))
        assert split.netloc == "kept.s3.eu-central-1.amazonaws.com"
        assert split.path == f"/northwind/{SHA256}"
        assert query["response-content-disposition"].startswith('attachment; filename="Uberblick.xlsx"')
        assert query["response-content-type"].endswith("spreadsheetml.sheet")
        assert query["response-cache-control"] == "private, no-store"

    @pytest.mark.parametrize("name", ["a.svg", "a.html", "a.xml", "a.eml", "a.drawio", "a"])
    def test_active_content(self, connection: Connection, name: str) -> None:
        """Whatever a browser could run is answered as octets."""
        _, query = parts(download(adapter(connection), name))
        assert query["response-content-type"] == "application/octet-stream"


@pytest.mark.parametrize("make", [upload, download])
class TestEnd:
    """When a URL ends."""

    @pytest.mark.parametrize(("asked", "seconds"), [(1, 1), (60, 60), (900, 900), (901, 900), (10**6, 900)])
    def test_seconds(self, connection: Connection, make: Callable[..., Target], asked: int, seconds: int) -> None:
        """A URL lives as long as asked for, at most 15 minutes, and the target tells when it ends."""
        target = make(adapter(connection), expires_at=NOW + asked)
        assert parts(target)[1]["X-Amz-Expires"] == str(seconds)
        assert target.expires_at == NOW + seconds

    @pytest.mark.parametrize("asked", [0, -1, -1000])
    def test_past(self, connection: Connection, make: Callable[..., Target], asked: int) -> None:
        """A URL that would have ended already is not signed."""
        with pytest.raises(ValueError, match=f"ended {-asked} seconds ago"):
            make(adapter(connection), expires_at=NOW + asked)

    def test_second_passes_while_signing(self, connection: Connection, make: Callable[..., Target]) -> None:
        """A URL signed while the second changed is signed again, so that it does not end a second late."""
        times = iter([NOW + 0.9, NOW + 1.1, NOW + 1.2, NOW + 1.3])
        target = make(adapter(connection, lambda: next(times)), expires_at=NOW + 60)
        assert parts(target)[1]["X-Amz-Expires"] == "59"
        assert target.expires_at == NOW + 60


def test_another_endpoint(connection: Connection) -> None:
    """At an endpoint other than AWS's own, buckets are addressed by path."""
    split, query = parts(upload(adapter(Connection("eu-central-1", "http://127.0.0.1:4566"))))
    assert (split.netloc, split.path) == ("127.0.0.1:4566", "/waiting/northwind/u1")
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"


def test_clients_give_up_early(connection: Connection) -> None:
    """Calls wait a second to connect and three to read, a copy longer; each is tried three times."""
    for client, read_seconds in ((connection.quick, 3), (connection.patient, 25)):
        config = client.meta.config
        assert (config.connect_timeout, config.read_timeout) == (1, read_seconds)
        assert config.retries == {"total_max_attempts": 3, "mode": "standard"}
    assert connection.quick is connection.quick


def test_the_portal_loads_no_boto3() -> None:
    """Whoever does not keep files in S3 does not pay for it; importing the adapter makes no client."""
    program = (
        "import sys, portal.wsgi, portal.cli, portal.files.directory\n"
        "assert not {'boto3', 'botocore'} & set(sys.modules)\n"
        "import boto3.session\n"
        "boto3.session.Session.client = None\n"
        "import portal.files.s3\n"
        "portal.files.s3.Connection()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
