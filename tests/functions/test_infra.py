"""The templates: sound, what the code expects, and no wider than it needs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from functions import scheduled, uploaded
from portal import worker
from portal.api.problems import TABLE
from portal.app import API_CSP
from portal.records.dynamodb import connect
from portal.records.dynamodb_table import create_table
from portal.settings import DECLARED
from portal.site import CSP, SECURITY_HEADERS
from tests.functions.payloads import payload
from tests.support.strict_moto import strict_moto
from tests.support.templates import INFRA, NAMES, resources, statements, template

UPLOADS = "https://uploads.example"
FUNCTIONS = ("Stream", "Uploaded", "Scheduled")
# What whoever deploys says; everything else a template asks for is what another one gives.
SAID = {
    "Stage", "PackageKey", "PublicUrl", "MailFrom", "MailIdentity", "ApiDomain", "SiteOrigins",
}  # fmt: skip


def test_lint() -> None:
    """cfn-lint finds nothing to say about any template."""
    paths = [str(INFRA / f"{name}.yaml") for name in NAMES]
    found = subprocess.run([Path(sys.executable).with_name("cfn-lint"), *paths], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


class TestData:
    def test_table(self) -> None:
        """The table is the one that the adapter's tests run on: keys, indexes, stream, expiry."""
        (made,) = resources("data", "AWS::DynamoDB::Table").values()
        with strict_moto():
            connection = connect()
            create_table(connection, "expected")
            expected = connection.client.describe_table(TableName="expected")["Table"]
            expires = connection.client.describe_time_to_live(TableName="expected")["TimeToLiveDescription"]
        assert made["KeySchema"] == expected["KeySchema"]
        assert _by(made["AttributeDefinitions"]) == _by(expected["AttributeDefinitions"])
        kept = ("IndexName", "KeySchema", "Projection")
        indexes = [{name: index[name] for name in kept} for index in expected["GlobalSecondaryIndexes"]]
        assert made["GlobalSecondaryIndexes"] == indexes
        assert made["StreamSpecification"]["StreamViewType"] == expected["StreamSpecification"]["StreamViewType"]
        assert made["TimeToLiveSpecification"]["AttributeName"] == expires["AttributeName"]
        assert made["BillingMode"] == expected["BillingModeSummary"]["BillingMode"]
        assert made["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]

    def test_kept(self) -> None:
        """Deleting or replacing the stack keeps records, files and keys."""
        for name, resource in template("data")["Resources"].items():
            if resource["Type"] != "AWS::S3::BucketPolicy":
                assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain"), name

    def test_evidence(self) -> None:
        """Stored files are versioned, locked, encrypted and closed to the public; so is the quarantine, unlocked."""
        buckets = resources("data", "AWS::S3::Bucket")
        assert buckets["EvidenceBucket"]["ObjectLockEnabled"]
        for name in ("EvidenceBucket", "QuarantineBucket"):
            made = buckets[name]
            assert made["VersioningConfiguration"] == {"Status": "Enabled"}
            (rule,) = made["BucketEncryption"]["ServerSideEncryptionConfiguration"]
            assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        for made in (*buckets.values(), *resources("site", "AWS::S3::Bucket").values()):
            assert all(made["PublicAccessBlockConfiguration"].values())

    def test_abandoned_uploads(self) -> None:
        """The bucket's own rule clears the quarantine later than the functions do, never sooner."""
        (rule,) = resources("data", "AWS::S3::Bucket")["QuarantineBucket"]["LifecycleConfiguration"]["Rules"]
        assert rule["ExpirationInDays"] * 86_400 > worker.ABANDONED


def _by(definitions: list[dict[str, str]]) -> dict[str, str]:
    return {one["AttributeName"]: one["AttributeType"] for one in definitions}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class TestRoles:
    def test_no_wildcards(self) -> None:
        """No role may do everything of a kind, or anything to everything; none may scan."""
        for role, statement in statements("application"):
            assert statement["Effect"] == "Allow"
            for action in _list(statement["Action"]):
                assert re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action), (role, action)
                assert not action.endswith(("Scan", "PartiQLSelect")), (role, action)
            for resource in map(json.dumps, _list(statement["Resource"])):
                # Only what lies in one bucket, and the streams of one table, cannot be named one by one.
                plain = re.sub(r'(:s3:::\$\{\w+\}/\*|\$\{TableArn\}/stream/\*)"\}', "", resource)
                assert "*" not in plain, (role, resource)

    def test_no_administration(self) -> None:
        """No role can change tables, buckets, locks' modes, keys, roles or functions, or delete a stored file."""
        allowed = {action for _, statement in statements("application") for action in _list(statement["Action"])}
        services = {action.split(":")[0] for action in allowed}
        assert services == {"dynamodb", "s3", "kms", "logs", "secretsmanager", "ses", "sqs"}
        assert not allowed & {"s3:BypassGovernanceRetention", "s3:DeleteObject", "dynamodb:UpdateTable"}
        for role, statement in statements("application"):
            if "EvidenceBucket" in json.dumps(statement["Resource"]):
                assert not [a for a in _list(statement["Action"]) if "Delete" in a], role
                assert role == "ApiRole"

    def test_secret(self) -> None:
        """Only the API can read the key for signatures, and only the others can send mail."""
        may = {action: role for role, statement in statements("application") for action in _list(statement["Action"])}
        assert may["secretsmanager:GetSecretValue"] == "ApiRole"
        mailers = {role for role, s in statements("application") if "ses:SendRawEmail" in _list(s["Action"])}
        assert mailers == {"StreamRole", "ScheduledRole"}


class TestFunctions:
    def test_each_has_its_own(self) -> None:
        """Every function has a role, a log and an end of its own, and a handler that there is."""
        made = resources("application", "AWS::Lambda::Function")
        assert set(made) == set(FUNCTIONS)
        for name, function in made.items():
            assert function["Handler"] == f"functions.{name.lower()}.handler"
            assert Path(f"functions/{name.lower()}.py").exists()
            assert function["Role"] == {"GetAtt": f"{name}Role.Arn"}
            assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Log"}}

    def test_settings(self) -> None:
        """Functions are told settings that there are, and none a secret."""
        variables = {setting.variable for setting in DECLARED.values()}
        for function in resources("application", "AWS::Lambda::Function").values():
            told = set(function["Environment"]["Variables"])
            assert told <= variables - {"CERTWAY_SECRET", "CERTWAY_SECRET_ID"}

    def test_leases(self) -> None:
        """A function that takes tasks from the stream has ended before their lease does."""
        assert resources("application", "AWS::Lambda::Function")["Stream"]["Timeout"] < worker.LEASE

    def test_stream(self) -> None:
        """The stream's source names failures, splits batches, gives up, and keeps what it gave up."""
        (source,) = resources("application", "AWS::Lambda::EventSourceMapping").values()
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert source["BisectBatchOnFunctionError"]
        assert 0 < source["MaximumRetryAttempts"] < 10
        assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"GetAtt": "DeadLetters.Arn"}

    def test_stream_filter(self) -> None:
        """What the source lets through is what the function takes: new tasks, and nothing else."""
        (source,) = resources("application", "AWS::Lambda::EventSourceMapping").values()
        (chosen,) = source["FilterCriteria"]["Filters"]
        pattern = json.loads(chosen["Pattern"])
        through = [_fits(pattern, r) for name in ("task", "others") for r in payload(f"stream/{name}")["Records"]]
        assert through == [True, False, False, False]

    def test_dead_letters(self) -> None:
        """What calls a function and does not wait has its failures kept too."""
        kept = resources("application", "AWS::Lambda::EventInvokeConfig").values()
        assert {config["FunctionName"]["Ref"] for config in kept} == {"Uploaded", "Scheduled"}
        assert {json.dumps(c["DestinationConfig"]["OnFailure"]["Destination"]) for c in kept} == {
            '{"GetAtt": "DeadLetters.Arn"}'
        }

    def test_schedules(self) -> None:
        """Every job has a schedule, at least hourly, that names it as the function knows it."""
        rules = resources("application", "AWS::Events::Rule").values()
        timed = [rule for rule in rules if "ScheduleExpression" in rule]
        jobs = [json.loads(rule["Targets"][0]["Input"])["job"] for rule in timed]
        assert sorted(jobs) == sorted(scheduled.JOBS)
        assert all(int(re.findall(r"rate\((\d+) minutes\)", r["ScheduleExpression"])[0]) <= 60 for r in timed)

    def test_arrivals(self) -> None:
        """The rule for arrivals matches what S3 tells through EventBridge, and the function understands it."""
        rules = resources("application", "AWS::Events::Rule").values()
        (pattern,) = [rule["EventPattern"] for rule in rules if "EventPattern" in rule]
        event = payload("uploaded/eventbridge")
        named = json.loads(json.dumps(pattern).replace('{"Ref": "QuarantineBucket"}', '"certway-quarantine"'))
        assert _fits(named, event)
        assert uploaded.keys_of(event, "certway-quarantine") == [event["detail"]["object"]["key"]]

    def test_alarms(self) -> None:
        """Every function's failures, the dead letters and late tasks raise an alarm that tells somebody."""
        alarms = resources("application", "AWS::CloudWatch::Alarm")
        assert {f"{name}Fails" for name in ("Api", *FUNCTIONS)} | {"LettersWait", "StreamLate"} <= set(alarms)
        assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms.values())

    def test_logs_end(self) -> None:
        """Every log ends."""
        logs = resources("application", "AWS::Logs::LogGroup")
        assert set(logs) == {f"{name}Log" for name in ("Api", *FUNCTIONS)}
        assert all("RetentionInDays" in log for log in logs.values())


def _fits(pattern: Any, event: Any) -> bool:
    """Tell whether an event fits a pattern of EventBridge made of names and choices."""
    if isinstance(pattern, dict):
        return all(name in event and _fits(below, event[name]) for name, below in pattern.items())
    return event in pattern


class TestSite:
    def headers(self, name: str) -> dict[str, str]:
        """Return the headers that a policy sends, by name."""
        config = resources("site", "AWS::CloudFront::ResponseHeadersPolicy")[name]["ResponseHeadersPolicyConfig"]
        own = config["SecurityHeadersConfig"]
        hsts, csp = own["StrictTransportSecurity"], own["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        below = "; includeSubDomains" * hsts["IncludeSubdomains"]
        return {
            "Strict-Transport-Security": f"max-age={hsts['AccessControlMaxAgeSec']}{below}",
            "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in own else "",
            "Referrer-Policy": own["ReferrerPolicy"]["ReferrerPolicy"],
            "Content-Security-Policy": csp if isinstance(csp, str) else csp["Sub"].replace("${UploadOrigin}", UPLOADS),
            **{item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]},
        }

    def test_site_headers(self) -> None:
        """CloudFront sends the very headers of the embedded site; browsers may also send to the quarantine."""
        policy = CSP.replace("connect-src 'self'", f"connect-src 'self' {UPLOADS}")
        assert policy != CSP
        assert self.headers("SiteHeaders") == {**dict(SECURITY_HEADERS), "Content-Security-Policy": policy}

    def test_api_headers(self) -> None:
        """What API Gateway answers in the API's place has the API's headers."""
        expected = {**dict(SECURITY_HEADERS), "Content-Security-Policy": API_CSP, "Cache-Control": "no-store"}
        assert self.headers("ApiHeaders") == expected

    def test_overridden(self) -> None:
        """Nobody but the policy decides on the site's headers; the API decides on its own."""
        found = template("site")["Resources"]
        assert '"Override": false' not in json.dumps(found["SiteHeaders"])
        csp = found["ApiHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        assert csp["ContentSecurityPolicy"]["Override"] is False

    def test_behaviours(self) -> None:
        """Below /api/ every method reaches the API and nothing is kept; everywhere else it is GET and the bucket."""
        (made,) = resources("site", "AWS::CloudFront::Distribution").values()
        config = made["DistributionConfig"]
        (api,) = config["CacheBehaviors"]
        assert (api["PathPattern"], api["TargetOriginId"], len(api["AllowedMethods"])) == ("/api/*", "api", 7)
        assert config["DefaultCacheBehavior"]["AllowedMethods"] == ["GET", "HEAD"]
        assert [origin["Id"] for origin in config["Origins"]] == ["site", "api"]
        assert "OriginAccessControlId" in config["Origins"][0]

    def test_missing_pages(self) -> None:
        """The bucket's 403 for a page that there is not becomes 404; the API has no 403 that this would hide."""
        (made,) = resources("site", "AWS::CloudFront::Distribution").values()
        (replaced,) = made["DistributionConfig"]["CustomErrorResponses"]
        assert (replaced["ErrorCode"], replaced["ResponseCode"]) == (403, 404)
        assert Path(f"static{replaced['ResponsePagePath']}").exists()
        assert 403 not in {status for status, _, _ in TABLE.values()}


def test_templates_fit() -> None:
    """What one template needs and whoever deploys does not say, an earlier one gives under the same name."""
    given: set[str] = set()
    for name in NAMES:
        asked = {key for key, value in template(name)["Parameters"].items() if "Default" not in value}
        assert asked - SAID <= given, name
        given |= set(template(name)["Outputs"])


def test_lock_is_a_setting() -> None:
    """The lock that the data template gives is one that the setting takes."""
    parameters = template("data")["Parameters"]
    for mode in parameters["LockMode"]["AllowedValues"]:
        assert DECLARED["lock"].read(f"{mode} {parameters['LockDays']['Default']}") == (mode, 1095)
