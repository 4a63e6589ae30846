"""The S3 adapter: the contract in memory and over HTTP, presigned URLs, and what only S3 can do wrong."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
import requests
from botocore.exceptions import ClientError
from moto.s3.models import s3_backends

from portal.files import s3_bucket
from portal.files.port import AlreadyReceived, Damaged, FilesBusy, HashMismatch, NoSuchFile, Stored, Target
from portal.files.s3 import Connection, Lock, S3Files
from tests.support import ministack as emulator
from tests.support.s3_faults import AFTER, ALL, S3Faults
from tests.support.strict_s3 import REGION, send, strict_s3

pytest.register_assert_rewrite("tests.contract.files_contract")

from tests.contract.files_contract import (  # noqa: E402 - after its asserts are set up to be rewritten
    CONTENT,
    ORG,
    OTHER,
    FilesContract,
    read,
    receive,
    sha256,
    store,
)

DIGEST = sha256(CONTENT)
numbers = count(1)


class Buckets:
    """Hold a new pair of versioned buckets, and the adapter over them."""

    def __init__(self, connection: Connection, lock: Lock | None = None) -> None:
        self.connection, self.client = connection, connection.quick
        number = next(numbers)
        self.quarantine, self.evidence = f"quarantine-{number}", f"evidence-{number}"
        where = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
        self.client.create_bucket(Bucket=self.quarantine, **where)
        self.client.create_bucket(Bucket=self.evidence, ObjectLockEnabledForBucket=bool(lock), **where)
        for name in (self.quarantine, self.evidence):
            self.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        self.files = self.adapter(lock)

    def adapter(self, lock: Lock | None = None) -> S3Files:
        """Return another adapter over the same buckets."""
        return S3Files(
            self.connection, quarantine=self.quarantine, evidence=self.evidence, lock=lock, sleep=lambda _: None
        )

    def versions(self, bucket: str) -> list[str]:
        """Return the key of every version and delete marker."""
        reply = self.client.list_object_versions(Bucket=bucket)
        return [entry["Key"] for entry in (*reply.get("Versions", ()), *reply.get("DeleteMarkers", ()))]

    def retention(self, digest: str) -> tuple[str, int]:
        """Return how a stored file is locked, and for how many days."""
        reply = self.client.head_object(Bucket=self.evidence, Key=f"{ORG}/{digest}")
        return reply["ObjectLockMode"], _days_until(reply["ObjectLockRetainUntilDate"])


def _days_until(end: datetime | str) -> int:
    # Moto's date comes as it was sent.
    end = datetime.fromisoformat(end) if isinstance(end, str) else end
    return round((end - datetime.now(UTC)) / timedelta(days=1))


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Connection]:
    """Give a connection to an S3 in this process's memory."""
    with strict_s3():
        yield Connection()


@pytest.fixture
def buckets(in_memory: Connection) -> Buckets:
    """Give empty buckets in memory."""
    return Buckets(in_memory)


@pytest.fixture
def files(buckets: Buckets) -> S3Files:
    return buckets.files


@pytest.fixture
def faults(buckets: Buckets, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Faults]:
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    faults = S3Faults(buckets.connection)
    yield faults
    faults.remove()


@pytest.fixture(scope="module")
def s3_over_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Give a connection to a MiniStack of its own; without MiniStack skip, under CI=true fail."""
    if not emulator.COMMAND.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(emulator.MISSING)
    folder = tmp_path_factory.mktemp("ministack")
    with pytest.MonkeyPatch.context() as patch, emulator.ministack(folder) as address:
        for name, value in emulator.CREDENTIALS.items():
            patch.setenv(name, value)
        yield Connection(endpoint=address)


def soon(seconds: int = 60) -> int:
    return int(time.time()) + seconds


def target(files: S3Files, content: bytes = CONTENT, upload: str = "u1") -> Target:
    return files.upload_target(ORG, upload, length=len(content), sha256=sha256(content), expires_at=soon(900))


def put(up: Target, content: bytes = CONTENT, at: float | None = None, **changed: str) -> int:
    """Send bytes to an upload target as a browser does, some headers changed; return the status."""
    headers = {**up.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return send(up.method, up.url, headers, content, at=time.time() if at is None else at).status


class TestS3FilesInMemory(FilesContract):
    """The contract on moto made strict."""


@pytest.mark.ministack
class TestS3FilesOverHttp(FilesContract):
    """The contract on MiniStack."""

    @pytest.fixture
    def files(self, s3_over_http: Connection) -> S3Files:
        return Buckets(s3_over_http).files

    def test_browser(self, files: S3Files) -> None:
        """What a browser sends to an upload target arrives, and a download target gives it back by its name."""
        up = target(files)
        assert requests.put(up.url, data=CONTENT, headers=dict(up.headers), timeout=10).status_code == 200
        assert files.received(ORG, "u1") == Stored(ORG, DIGEST, len(CONTENT))
        files.promote(ORG, "u1", DIGEST)
        down = files.download_target(ORG, DIGEST, filename="Plän.pdf", expires_at=soon())
        reply = requests.get(down.url, timeout=10)
        assert reply.content == CONTENT
        assert reply.headers["Content-Type"] == "application/pdf"
        assert "filename*=UTF-8''Pl%C3%A4n.pdf" in reply.headers["Content-Disposition"]

    def test_other_bytes_at_a_target(self, files: S3Files) -> None:
        """Bytes of another content are refused at an upload target, and nothing arrives."""
        up, other = target(files), CONTENT[::-1]
        assert requests.put(up.url, data=other, headers=dict(up.headers), timeout=10).status_code == 400
        assert files.received(ORG, "u1") is None

    def test_second_bytes_at_a_target(self, files: S3Files) -> None:
        """A target takes one object only; the second answer says that one is there."""
        up = target(files)
        statuses = [
            requests.put(up.url, data=CONTENT, headers=dict(up.headers), timeout=10).status_code for _ in range(2)
        ]
        assert statuses == [200, 412]

    def test_checksum_of_parts(self, s3_over_http: Connection) -> None:
        """A checksum of checksums is not the content's, so that such an object has not arrived."""
        buckets = Buckets(s3_over_http)
        place = {"Bucket": buckets.quarantine, "Key": f"{ORG}/u1"}
        upload = buckets.client.create_multipart_upload(**place, ChecksumAlgorithm="SHA256")["UploadId"]
        part = {"UploadId": upload, "PartNumber": 1}
        sent = buckets.client.upload_part(**place, **part, Body=CONTENT, ChecksumAlgorithm="SHA256")
        parts = [{"PartNumber": 1, "ETag": sent["ETag"], "ChecksumSHA256": sent["ChecksumSHA256"]}]
        buckets.client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
        assert buckets.client.head_object(**place, ChecksumMode="ENABLED")["ChecksumSHA256"].endswith("-1")
        assert buckets.files.received(ORG, "u1") is None

    @pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
    def test_lock(self, s3_over_http: Connection, mode: str) -> None:
        """A stored file's version cannot be deleted while it is locked."""
        buckets = Buckets(s3_over_http, Lock(mode, 400))
        digest = store(buckets.files).sha256
        assert buckets.retention(digest) == (mode, 400)
        (version,) = buckets.client.list_object_versions(Bucket=buckets.evidence)["Versions"]
        with pytest.raises(ClientError, match="AccessDenied"):
            buckets.client.delete_object(Bucket=buckets.evidence, Key=version["Key"], VersionId=version["VersionId"])
        assert read(buckets.files, digest) == CONTENT


class TestUploadTarget:
    """The URL that a browser sends to."""

    def test_arrives(self, files: S3Files) -> None:
        """The announced bytes, sent as the target says, arrive in quarantine and can be promoted."""
        assert put(target(files)) == 200
        assert files.received(ORG, "u1") == Stored(ORG, DIGEST, len(CONTENT))
        assert files.promote(ORG, "u1", DIGEST) == Stored(ORG, DIGEST, len(CONTENT))
        assert read(files, DIGEST) == CONTENT

    @pytest.mark.parametrize(
        "changed",
        [
            {"Content_Type": "text/html"},
            {"x_amz_checksum_sha256": b64encode(hashlib.sha256(b"other").digest()).decode()},
            {"If_None_Match": ""},
            {"Content_Length": "8"},
            {"x_amz_meta_note": "unsigned"},
            {"x_amz_tagging": "scan=clean"},
            {"x_amz_acl": "public-read"},
        ],
        ids=lambda changed: next(iter(changed)),
    )
    def test_bound(self, files: S3Files, changed: dict[str, str]) -> None:
        """Changing or adding one header that matters breaks the signature."""
        assert put(target(files), **changed) == 403
        assert files.received(ORG, "u1") is None

    @pytest.mark.parametrize("name", ["Content-Type", "Content-Length", "If-None-Match", "x-amz-checksum-sha256"])
    def test_nothing_can_be_left_out(self, files: S3Files, name: str) -> None:
        """Leaving out one bound header breaks the signature."""
        up = target(files)
        left = {key: value for key, value in up.headers.items() if key != name}
        assert send("PUT", up.url, left, CONTENT, at=time.time()).status == 403

    def test_another_key(self, files: S3Files) -> None:
        """A URL is for its own upload, organisation and bucket only."""
        up = target(files)
        for old, new in (("/u1?", "/u2?"), (f"/{ORG}/", f"/{OTHER}/"), ("//quarantine-", "//evidence-")):
            assert put(replace(up, url=up.url.replace(old, new, 1))) == 403

    def test_another_method(self, files: S3Files) -> None:
        """A URL to send to cannot be used to read or delete."""
        up = target(files)
        assert {put(replace(up, method=method)) for method in ("GET", "DELETE", "POST")} == {403}

    def test_longer_life(self, files: S3Files) -> None:
        """The end of a URL cannot be put off."""
        up = target(files)
        assert put(replace(up, url=up.url.replace("X-Amz-Expires=", "X-Amz-Expires=9"))) == 403

    def test_end(self, files: S3Files) -> None:
        """A URL is refused from the second on in which its target ends, and taken in the one before."""
        up = target(files)
        assert put(up, at=up.expires_at) == 403
        assert put(up, at=up.expires_at - 1) == 200

    def test_other_bytes(self, files: S3Files) -> None:
        """Bytes of the announced length but another content are refused, and nothing arrives."""
        assert put(target(files), CONTENT[::-1]) == 400
        assert put(target(files), CONTENT[:-1]) == 400
        assert files.received(ORG, "u1") is None

    def test_second_object(self, files: S3Files) -> None:
        """What arrived is not written over, not even by the same bytes."""
        up = target(files)
        assert [put(up), put(up)] == [200, 412]

    def test_other_content_for_the_same_upload(self, files: S3Files) -> None:
        """Bytes that came through another target of the same upload are found out."""
        assert put(target(files, b"other"), b"other") == 200
        with pytest.raises(HashMismatch):
            files.promote(ORG, "u1", DIGEST)
        with pytest.raises(AlreadyReceived):
            receive(files)


class TestDownloadTarget:
    """The URL that a browser fetches from."""

    def down(self, files: S3Files, filename: str = "Plän.pdf") -> Target:
        return files.download_target(ORG, store(files).sha256, filename=filename, expires_at=soon())

    def get(self, url: str, at: float | None = None) -> int:
        return send("GET", url, {}, at=time.time() if at is None else at).status

    def test_attachment(self, files: S3Files) -> None:
        """A file comes as an attachment under its name, and no cache keeps it."""
        answer = send("GET", self.down(files).url, {}, at=time.time())
        assert answer.content == CONTENT
        assert answer.headers["Content-Disposition"].endswith("filename=\"Plan.pdf\"; filename*=UTF-8''Pl%C3%A4n.pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("name", ["page.html", "drawing.svg", "feed.xml", "mail.eml", "script.js", "nothing"])
    def test_active_content(self, files: S3Files, name: str) -> None:
        """Content that a browser could run comes as plain octets."""
        answer = send("GET", self.down(files, name).url, {}, at=time.time())
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")

    def test_bound(self, files: S3Files) -> None:
        """Neither the file, nor how it is shown, nor the end can be changed."""
        url = self.down(files).url
        changes = (
            (f"/{ORG}/", f"/{OTHER}/"),
            ("attachment", "inline"),
            ("application%2Fpdf", "text%2Fhtml"),
            ("X-Amz-Expires=", "X-Amz-Expires=9"),
        )
        for old, new in changes:
            assert old in url
            assert self.get(url.replace(old, new, 1)) == 403

    def test_end(self, files: S3Files) -> None:
        """A URL is refused from the second on in which its target ends, and taken in the one before."""
        down = self.down(files)
        assert self.get(down.url, down.expires_at) == 403
        assert self.get(down.url, down.expires_at - 1) == 200


class TestLayout:
    """What lies in the buckets."""

    def test_keys(self, buckets: Buckets, files: S3Files) -> None:
        """The store is addressed by content, the quarantine by upload."""
        store(files, upload="u1")
        receive(files, b"waiting", "u2")
        assert buckets.versions(buckets.evidence) == [f"{ORG}/{DIGEST}"]
        assert buckets.versions(buckets.quarantine) == [f"{ORG}/u2"]

    def test_discard_leaves_nothing(self, buckets: Buckets, files: S3Files) -> None:
        """Discarding removes every version and marker, and no other upload's."""
        for upload in ("u1", "u10", "u1-b"):
            receive(files, upload=upload)
        buckets.client.put_object(Bucket=buckets.quarantine, Key=f"{ORG}/u1", Body=b"again")
        buckets.client.delete_object(Bucket=buckets.quarantine, Key=f"{ORG}/u1")
        files.discard(ORG, "u1")
        assert sorted(buckets.versions(buckets.quarantine)) == [f"{ORG}/u1-b", f"{ORG}/u10"]

    def test_without_versions(self, buckets: Buckets, files: S3Files) -> None:
        """Buckets that keep no versions do as well, though nothing is pinned there."""
        for name in (buckets.quarantine, buckets.evidence):
            buckets.client.delete_bucket(Bucket=name)
            buckets.client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        assert read(files, store(files).sha256) == CONTENT
        assert buckets.versions(buckets.quarantine) == []

    def test_stored_file_is_never_replaced(self, buckets: Buckets, files: S3Files) -> None:
        """The same content sent again makes no second version."""
        store(files, upload="u1")
        store(files, upload="u2")
        assert len(buckets.versions(buckets.evidence)) == 1

    def test_nothing_comes_along(self, buckets: Buckets, files: S3Files) -> None:
        """Metadata, tags and the type that somebody gave a quarantined object do not reach the store."""
        buckets.client.put_object(
            Bucket=buckets.quarantine, Key=f"{ORG}/u1", Body=CONTENT, ContentType="text/html", Tagging="a=b",
            Metadata={"note": "x"}, ChecksumAlgorithm="SHA256",
        )  # fmt: skip
        files.promote(ORG, "u1", DIGEST)
        reply = buckets.client.head_object(Bucket=buckets.evidence, Key=f"{ORG}/{DIGEST}")
        assert (reply["ContentType"], reply["Metadata"]) == ("application/octet-stream", {})

    def test_list_of_many(self, buckets: Buckets, files: S3Files, monkeypatch: pytest.MonkeyPatch) -> None:
        """More files than one answer holds are listed, in order; other names are left out."""
        monkeypatch.setattr(s3_bucket, "PAGE", 4)
        hashes = sorted(sha256(b"%d" % number) for number in range(10))
        for name in (*hashes, "Not ours"):
            buckets.client.put_object(Bucket=buckets.evidence, Key=f"{ORG}/{name}", Body=b"")
        assert list(files.list_hashes(ORG)) == hashes

    def test_sweep_of_many(self, buckets: Buckets, files: S3Files, monkeypatch: pytest.MonkeyPatch) -> None:
        """More uploads than one answer holds are swept, with every version and marker; each counts once."""
        monkeypatch.setattr(s3_bucket, "PAGE", 4)
        for number in (*range(10), 3, 3):
            buckets.client.put_object(Bucket=buckets.quarantine, Key=f"{ORG}/u{number}", Body=b"")
        buckets.client.delete_object(Bucket=buckets.quarantine, Key=f"{ORG}/u3")
        assert files.sweep(time.time() + 60) == 10
        assert buckets.versions(buckets.quarantine) == []


class TestFoundOut:
    """What S3 holds is judged by the checksum that S3 keeps."""

    def test_without_checksum(self, buckets: Buckets, files: S3Files) -> None:
        """An object that S3 keeps no SHA-256 of has not arrived."""
        buckets.client.put_object(Bucket=buckets.quarantine, Key=f"{ORG}/u1", Body=CONTENT)
        assert files.received(ORG, "u1") is None
        with pytest.raises(HashMismatch):
            files.promote(ORG, "u1", DIGEST)

    def test_other_content_under_a_stored_name(self, buckets: Buckets, files: S3Files) -> None:
        """A stored object that has not the content of its name is reported, and the good bytes stay."""
        receive(files)
        buckets.client.put_object(
            Bucket=buckets.evidence, Key=f"{ORG}/{DIGEST}", Body=b"forged", ChecksumAlgorithm="SHA256"
        )
        for call in (files.size, files.open, lambda org, digest: files.promote(org, "u1", digest)):
            with pytest.raises(Damaged):
                call(ORG, DIGEST)
        assert files.received(ORG, "u1")

    def test_opened_version(self, buckets: Buckets, files: S3Files) -> None:
        """An opened file goes on to be the version that was opened, whatever is written over it."""
        digest = store(files).sha256
        with files.open(ORG, digest) as opened:
            buckets.client.put_object(Bucket=buckets.evidence, Key=f"{ORG}/{digest}", Body=b"forged" * 9)
            assert opened.read() == CONTENT

    def test_copied_version(self, buckets: Buckets, files: S3Files, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is promoted is the version that was compared, though another one came meanwhile."""
        receive(files)
        real = files._evidence.create_copy

        def late(*arguments: object) -> None:
            buckets.client.put_object(Bucket=buckets.quarantine, Key=f"{ORG}/u1", Body=b"forged")
            real(*arguments)

        monkeypatch.setattr(files._evidence, "create_copy", late)
        files.promote(ORG, "u1", DIGEST)
        assert read(files, DIGEST) == CONTENT


class TestReading:
    """Files that are read in pieces."""

    CONTENT = bytes(range(256)) * 20_000

    def test_places(self, files: S3Files) -> None:
        """Seeking from the beginning, from here and from the end reads the right bytes; past the end is nothing."""
        digest = store(files, self.CONTENT).sha256
        with files.open(ORG, digest) as opened:
            assert opened.seek(-300, io.SEEK_END) == len(self.CONTENT) - 300
            assert opened.read(100) == self.CONTENT[-300:-200]
            assert opened.seek(50, io.SEEK_CUR) == len(self.CONTENT) - 150
            assert opened.read() == self.CONTENT[-150:]
            assert opened.read() == b""
            opened.seek(3_000_000)
            assert opened.read(7) == self.CONTENT[3_000_000:3_000_007]
            opened.seek(len(self.CONTENT) + 5)
            assert opened.read() == b""
            with pytest.raises(ValueError, match="-1"):
                opened.seek(-1)

    def test_goes_on_after_a_break(self, files: S3Files, faults: S3Faults) -> None:
        """A connection that breaks half-way is taken up where it broke."""
        digest = store(files, self.CONTENT).sha256
        with files.open(ORG, digest) as opened:
            faults.plan(["cut", "cut"])
            assert opened.read() == self.CONTENT
        assert faults.methods == ["GET", "GET", "GET"]

    def test_broken_for_good(self, files: S3Files, faults: S3Faults) -> None:
        """A store that stays away while a file is read is said to be busy."""
        digest = store(files, self.CONTENT).sha256
        with files.open(ORG, digest) as opened:
            faults.plan(["unreachable"] * 20)
            with pytest.raises(FilesBusy):
                opened.read()

    def test_rotten_bytes(self, buckets: Buckets, files: S3Files) -> None:
        """Bytes that no longer have the checksum S3 keeps of them are found out at the end of the file."""
        digest = store(files, self.CONTENT).sha256
        key = s3_backends["123456789012"]["aws"].get_object(buckets.evidence, f"{ORG}/{digest}")
        key.value = b"x" * len(self.CONTENT)
        with files.open(ORG, digest) as opened, pytest.raises(Damaged):
            opened.read()


class TestLock:
    """Object Lock."""

    def test_locked(self, in_memory: Connection) -> None:
        """A promoted file is locked from the moment it is there."""
        buckets = Buckets(in_memory, Lock("GOVERNANCE", 400))
        store(buckets.files)
        assert buckets.retention(DIGEST) == ("GOVERNANCE", 400)

    def test_prolonged(self, in_memory: Connection) -> None:
        """A file that is stored again is locked as long as a new one, and never shorter than before."""
        buckets = Buckets(in_memory, Lock("GOVERNANCE", 400))
        store(buckets.files)
        store(buckets.adapter(Lock("GOVERNANCE", 500)), upload="u2")
        assert buckets.retention(DIGEST) == ("GOVERNANCE", 500)
        store(buckets.adapter(Lock("GOVERNANCE", 300)), upload="u3")
        assert buckets.retention(DIGEST) == ("GOVERNANCE", 500)


class TestAway:
    """S3 that stays away."""

    @pytest.fixture
    def buckets(self, in_memory: Connection) -> Buckets:
        """Give buckets reached by clients of their own: one that met many faults tries less often."""
        return Buckets(Connection())

    @pytest.mark.parametrize("fault", ALL)
    def test_stays_away(self, files: S3Files, faults: S3Faults, fault: str) -> None:
        """A store that stays away is said to be busy after three tries, and the call can be repeated."""
        receive(files)
        for call in (
            lambda: receive(files, upload="u2"),
            lambda: files.promote(ORG, "u1", DIGEST),
            lambda: files.size(ORG, DIGEST),
            lambda: files.exists(ORG, DIGEST),
            lambda: files.received(ORG, "u1"),
            lambda: files.sweep(0),
            lambda: list(files.list_hashes(ORG)),
        ):
            faults.plan([fault] * 3)
            with pytest.raises(FilesBusy):
                call()
            assert len(faults.methods) == 3
        faults.plan([])
        assert files.promote(ORG, "u1", DIGEST).sha256 == DIGEST


class TestTrouble:
    """S3 that is busy or away for a moment, or whose replies are lost."""

    @pytest.mark.parametrize("fault", ALL)
    @pytest.mark.parametrize("place", range(5))
    def test_one_fault(self, files: S3Files, faults: S3Faults, fault: str, place: int) -> None:
        """Whichever call meets one fault, receiving, promoting and discarding succeed with one stored file."""
        faults.plan([None] * place + [fault])
        assert store(files) == Stored(ORG, DIGEST, len(CONTENT))
        assert list(files.list_hashes(ORG)) == [DIGEST]
        assert files.received(ORG, "u1") is None

    @pytest.mark.parametrize("fault", AFTER)
    def test_lost_copy(self, files: S3Files, faults: S3Faults, fault: str) -> None:
        """A copy whose replies are all lost is unknown, not failed: repeating finds it there."""
        receive(files)
        faults.plan([None, *[fault] * 3])
        with pytest.raises(FilesBusy):
            files.promote(ORG, "u1", DIGEST)
        assert files.promote(ORG, "u1", DIGEST) == Stored(ORG, DIGEST, len(CONTENT))

    def test_contested(self, files: S3Files, faults: S3Faults) -> None:
        """A write that meets another to the same key is tried again, three times in all."""
        receive(files)
        faults.plan([None, "conflict", "conflict"])
        assert files.promote(ORG, "u1", DIGEST).sha256 == DIGEST
        faults.plan([None, *["conflict"] * 3])
        with pytest.raises(FilesBusy):
            files.promote(ORG, "u1", DIGEST)

    def test_refused(self, files: S3Files, faults: S3Faults) -> None:
        """A permission that is lacking comes through as it is, and nothing is called missing."""
        faults.plan(["forbidden"])
        with pytest.raises(ClientError, match="403"):
            files.received(ORG, "u1")

    def test_gone_meanwhile(self, files: S3Files, monkeypatch: pytest.MonkeyPatch) -> None:
        """An upload that is discarded while it is promoted is reported as missing."""
        receive(files)
        real = files._evidence.create_copy

        def late(*arguments: object) -> None:
            files.discard(ORG, "u1")
            real(*arguments)

        monkeypatch.setattr(files._evidence, "create_copy", late)
        with pytest.raises(NoSuchFile):
            files.promote(ORG, "u1", DIGEST)


def test_racing_uploads(buckets: Buckets, files: S3Files) -> None:
    """Ten threads sending and promoting the same content at once all succeed, with one file of one version."""
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            store(files, upload=f"u{number}")
            receive(files, upload="common")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert buckets.versions(buckets.evidence) == [f"{ORG}/{DIGEST}"]
    assert buckets.versions(buckets.quarantine) == [f"{ORG}/common"]


def test_calls(files: S3Files, faults: S3Faults) -> None:
    """Completing an upload costs a look and three calls more; asking for a download one."""
    receive(files)
    faults.plan([])
    files.received(ORG, "u1")
    files.promote(ORG, "u1", DIGEST)
    assert faults.methods == ["HEAD", "HEAD", "PUT", "HEAD"]
    faults.plan([])
    files.size(ORG, DIGEST)
    down = files.download_target(ORG, DIGEST, filename="a.pdf", expires_at=soon())
    assert faults.methods == ["HEAD"]
    assert down.method == "GET"
