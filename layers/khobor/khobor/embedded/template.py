"""Reads template.yaml like CloudFormation; only the features that khobor's template uses are supported.

Intrinsic functions: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from khobor.errors import ConfigurationError

# Returns the value of ``Ref`` (None) or ``Fn::GetAtt`` (the attribute's name) of a resource or pseudo parameter.
Lookup: TypeAlias = Callable[[str, str | None], Any]

# An item or property with this value is omitted.
_NO_VALUE = object()

_VARIABLE = re.compile(r"\$\{([^!}]+)\}")


# With libyaml, PyYAML reads the template five times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc] # one of two classes
    """YAML with CloudFormation's short forms: ``!Ref x`` is ``{"Ref": "x"}``, ``!Sub x`` is ``{"Fn::Sub": "x"}``."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: str(text).split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    raise ConfigurationError(f"!{suffix} takes a string or a list{node.start_mark}")


_Loader.add_multi_constructor("!", _short_form)


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the template, its properties not yet resolved."""

    name: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """A SAM template with the values of its parameters.

    Attributes:
        folder: The folder of the template, which its paths are relative to.
        resources: The resources whose condition holds, by logical name.
        parameters: The value of each parameter, including defaults.
        conditions: The conditions, not yet resolved.
        outputs: The outputs whose condition holds, not yet resolved.
    """

    folder: Path
    resources: Mapping[str, Resource]
    parameters: Mapping[str, Any]
    conditions: Mapping[str, Any]
    outputs: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path, parameters: Mapping[str, str]) -> "Template":
        """Read a template.

        Args:
            path: The file.
            parameters: The values of parameters that differ from their defaults.

        Raises:
            ConfigurationError: A parameter has no value, or the template does not have it.
        """
        document = _read(path.read_text(encoding="utf-8"))
        template = cls(
            folder=path.parent,
            resources={},
            parameters=_values(document.get("Parameters", {}), parameters),
            conditions=document.get("Conditions", {}),
            outputs={},
        )
        outputs = template._active(document.get("Outputs", {}))
        return replace(
            template,
            resources=_resources(template._active(document["Resources"]), document.get("Globals", {})),
            outputs={name: output["Value"] for name, output in outputs.items()},
        )

    def of_type(self, kind: str) -> list[Resource]:
        """Return the resources of a type such as ``AWS::SQS::Queue``, in the order of the template."""
        return [resource for resource in self.resources.values() if resource.type == kind]

    def resolve(self, value: Any, lookup: Lookup) -> Any:
        """Return a part of the template with its intrinsic functions resolved.

        Args:
            value: The part.
            lookup: Returns the values of references.

        Raises:
            ConfigurationError: An intrinsic function is not supported.
        """
        if isinstance(value, list):
            items = [self.resolve(item, lookup) for item in value]
            return [item for item in items if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        name, argument = next(iter(value.items()), ("", None))
        if name == "Ref" or name.startswith("Fn::"):
            return self._call(name, argument, lookup)
        properties = {key: self.resolve(item, lookup) for key, item in value.items()}
        return {key: item for key, item in properties.items() if item is not _NO_VALUE}

    def _active(self, declared: Mapping[str, Any]) -> dict[str, Any]:
        """Return the resources or outputs whose condition holds, and those without a condition."""
        return {
            name: each
            for name, each in declared.items()
            if "Condition" not in each or self.resolve(self.conditions[each["Condition"]], _no_resource)
        }

    def _call(self, name: str, argument: Any, lookup: Lookup) -> Any:
        match name:
            case "Ref":
                return self._ref(argument, lookup)
            case "Fn::GetAtt":
                return lookup(argument[0], argument[1])
            case "Fn::Sub":
                return _VARIABLE.sub(lambda match: str(self._variable(match[1], lookup)), argument)
            case "Fn::If":
                holds = self.resolve(self.conditions[argument[0]], lookup)
                return self.resolve(argument[1] if holds else argument[2], lookup)
            case "Fn::Equals":
                left, right = self.resolve(argument, lookup)
                return str(left) == str(right)
            case "Fn::Not":
                return not self.resolve(argument[0], lookup)
        raise ConfigurationError(f"the embedded stack does not support {name}; add it to embedded/template.py")

    def _ref(self, name: str, lookup: Lookup) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        return self.parameters[name] if name in self.parameters else lookup(name, None)

    def _variable(self, name: str, lookup: Lookup) -> Any:
        resource, dot, attribute = name.partition(".")
        return lookup(resource, attribute) if dot else self._ref(name, lookup)


@lru_cache(maxsize=4)
def _read(text: str) -> Any:
    # Cached, because reading takes half as long as the rest of a stack's start-up. Callers must not change the result.
    return _Loader(text).get_single_data()


def _no_resource(name: str, _: str | None) -> Any:
    raise ConfigurationError(f"a condition may depend only on parameters, not on {name}")


def _resources(document: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Resource]:
    defaults = shared.get("Function", {})
    return {
        name: Resource(
            name,
            declared["Type"],
            (defaults if declared["Type"] == "AWS::Serverless::Function" else {}) | declared.get("Properties", {}),
        )
        for name, declared in document.items()
    }


def _values(declared: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    if unknown := parameters.keys() - declared.keys():
        raise ConfigurationError(f"the template has no parameter {', '.join(sorted(unknown))}")
    values = {name: parameters.get(name, declaration.get("Default")) for name, declaration in declared.items()}
    if missing := [name for name, value in values.items() if value is None]:
        raise ConfigurationError(f"the parameter {', '.join(missing)} has no default: give it a value")
    return values
