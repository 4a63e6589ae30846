"""CloudFormation templates as data: its short forms are read as their long ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

INFRA = Path(__file__).parent.parent.parent / "infra"
NAMES = ("data", "application", "site")


class _Loader(yaml.SafeLoader):
    """Read `!Name value` as {"Name": value}."""


def _short(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    raise TypeError(suffix)


_Loader.add_multi_constructor("!", _short)


def template(name: str) -> dict[str, Any]:
    """Return one template."""
    read: dict[str, Any] = yaml.load((INFRA / f"{name}.yaml").read_text(), _Loader)
    return read


def resources(name: str, kind: str) -> dict[str, Any]:
    """Return the properties of a template's resources of one type, by name."""
    found = template(name)["Resources"]
    return {key: value["Properties"] for key, value in found.items() if value["Type"] == kind}


def statements(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement of the roles in a template, each with its role."""
    for role, properties in resources(name, "AWS::IAM::Role").items():
        for policy in properties["Policies"]:
            yield from ((role, statement) for statement in policy["PolicyDocument"]["Statement"])
