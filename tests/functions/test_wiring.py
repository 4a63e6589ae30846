"""The functions over DynamoDB, S3, SES and Secrets Manager, all in memory."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.ses.models import ses_backends

from functions import api, scheduled, stream, uploaded, wiring
from portal import ids, settings
from portal.actions.context import SYSTEM, Ctx, Event, Scope, Services
from portal.actions.policy import ALWAYS, Ruling
from portal.records import keys
from portal.records.dynamodb import connect
from portal.records.dynamodb_table import create_table
from portal.records.port import Insert, Record
from tests.functions.payloads import payload
from tests.functions.test_stream import MAIL, batch
from tests.support.strict_moto import strict_moto
from tests.support.strict_s3 import CREDENTIALS, strict_s3

SECRET = "a key for signatures that only this test has"
VARIABLES = {
    "CERTWAY_TABLE": "certway-wiring",
    "CERTWAY_EVIDENCE_BUCKET": "certway-evidence",
    "CERTWAY_QUARANTINE_BUCKET": "certway-quarantine",
    "CERTWAY_LOCK": "GOVERNANCE 30",
    "CERTWAY_SECRET_ID": "certway-secret",
    "CERTWAY_PUBLIC_URL": "https://certway.example",
    "CERTWAY_MAIL_FROM": "certway@certway.example",
}
MADE = (wiring.services, wiring.background, wiring.quarantine, wiring._client, api.application)


@dataclass
class Aws:
    """Hold the clients with which tests look at what the functions did."""

    session: Any

    def client(self, service: str) -> Any:
        """Return a client of one service."""
        return self.session.create_client(service)

    def ctx(self, services: Services, org: str) -> Ctx:
        """Return a context inside an organisation that may do anything."""
        return Ctx(services, SYSTEM, Scope(organisation=org), Ruling("test", frozenset({ALWAYS})))


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """Make what the templates make, and name it to the functions."""
    for name, value in {**VARIABLES, **CREDENTIALS}.items():
        monkeypatch.setenv(name, value)
    with strict_moto(), strict_s3():
        _forget()
        made = Aws(botocore.session.get_session())
        create_table(connect(), VARIABLES["CERTWAY_TABLE"])
        _make_buckets(made.client("s3"))
        made.client("secretsmanager").create_secret(Name="certway-secret", SecretString=SECRET)
        made.client("sesv2").create_email_identity(EmailIdentity="certway.example")
        yield made
        _forget()


def _forget() -> None:
    for made in MADE:
        made.cache_clear()


def _make_buckets(s3: Any) -> None:
    where = {"CreateBucketConfiguration": {"LocationConstraint": CREDENTIALS["AWS_DEFAULT_REGION"]}}
    for name in ("certway-evidence", "certway-quarantine"):
        s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=name == "certway-evidence", **where)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def test_request(aws: Aws) -> None:
    """A request is answered from DynamoDB, and the process makes its app once."""
    answer = api.handler(payload("requests/get"))
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"status": "ok"})
    assert api.application() is api.application()


def test_secret(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API has the key for signatures from Secrets Manager; the other functions have none and cannot sign."""
    assert wiring.services().settings.secret == SECRET
    chosen = wiring.background().settings
    assert chosen.secret == ""
    with pytest.raises(ValueError, match="no key"):
        ids.keyed(chosen.secret, "address", "mia@example.org")
    monkeypatch.delenv("CERTWAY_SECRET_ID")
    _forget()
    with pytest.raises(settings.SettingsError, match="CERTWAY_SECRET_ID"):
        wiring.services()


def test_mail(aws: Aws) -> None:
    """A mail that a change left behind goes out through SES when the stream tells of it."""
    org = ids.new_id()
    aws.ctx(wiring.services(), org).commit(Event("test:changed", "test", "1", "Test", "changed"), tasks=[MAIL])
    left = wiring.services().records.query(keys.outbox(f"O#{org}", "").partition).records
    assert stream.handler(batch(*left)) == {"batchItemFailures": []}
    (sent,) = ses_backends[ACCOUNT_ID][CREDENTIALS["AWS_DEFAULT_REGION"]].sent_messages
    assert (sent.source, sent.destinations) == ("certway@certway.example", ["mia@example.org"])
    assert "Subject: Code" in sent.raw_data
    assert wiring.services().records.query(keys.outbox(f"O#{org}", "").partition).records == []


def test_mail_refused(aws: Aws) -> None:
    """A mail that SES refuses is named as failed and stays; the schedule has it sent once it can be."""
    aws.client("sesv2").delete_email_identity(EmailIdentity="certway.example")
    org = ids.new_id()
    aws.ctx(wiring.services(), org).commit(Event("test:changed", "test", "1", "Test", "changed"), tasks=[MAIL])
    left = wiring.services().records.query(keys.outbox(f"O#{org}", "").partition).records
    assert stream.handler(batch(*left)) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    aws.client("sesv2").create_email_identity(EmailIdentity="certway.example")
    assert scheduled.handler({"job": "drain"}) == {"tasks": 1}


def test_quarantine(aws: Aws) -> None:
    """What nobody announced is removed from the bucket as it arrives; what was completed, by the schedule."""
    services, org, content = wiring.services(), ids.new_id(), b"the minutes"
    digest = hashlib.sha256(content).hexdigest()
    stray, used = ids.new_id(), ids.new_id()
    for upload in (stray, used):
        services.files.receive(org, upload, io.BytesIO(content), length=len(content), sha256=digest)
    body = {"id": used, "sha256": digest, "length": len(content), "completed_at": "2026-11-22T09:00:00Z"}
    event = Event("upload:completed", "upload", used, "Minutes", "uploaded “Minutes”")
    aws.ctx(services, org).commit(event, Insert(Record(keys.upload(org, used), "UPLOAD", body)))
    services.files.promote(org, used, digest)
    told = payload("uploaded/eventbridge")
    told["detail"]["object"]["key"] = f"{org}/{stray}"
    assert uploaded.handler(told) == {"seen": 1, "removed": 1}
    assert scheduled.handler({"job": "tidy"}) == {"expired": 0, "abandoned": 0, "orphans": 1}
    assert services.files.exists(org, digest)
    assert "Versions" not in aws.client("s3").list_object_versions(Bucket="certway-quarantine")


def test_locked(aws: Aws) -> None:
    """A stored file is locked as the setting says."""
    services, org, content = wiring.services(), ids.new_id(), b"the minutes"
    digest, upload = hashlib.sha256(content).hexdigest(), ids.new_id()
    services.files.receive(org, upload, io.BytesIO(content), length=len(content), sha256=digest)
    services.files.promote(org, upload, digest)
    kept = aws.client("s3").head_object(Bucket="certway-evidence", Key=f"{org}/{digest}")
    assert kept["ObjectLockMode"] == "GOVERNANCE"
