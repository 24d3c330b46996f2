from pathlib import Path

import pytest

from khobor.embedded.template import Template
from khobor.errors import ConfigurationError

WRITTEN = """
Parameters:
  Name: {Type: String}
  Days: {Type: Number, Default: 0}
  Extras: {Type: String, Default: "no"}
Conditions:
  Forever: !Equals [!Ref Days, 0]
  WithExtras: !Equals [!Ref Extras, "yes"]
Globals: {Function: {Timeout: 3, Handler: app.handler}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {Target: !GetAtt Other.Arn, Text: !Sub "${Name}-${Other.Arn}", Days: !If [Forever, [], !Ref Days]}
  Function: {Type: AWS::Serverless::Function, Properties: {Timeout: 9}}
  Extra: {Type: AWS::SQS::Queue, Condition: WithExtras}
Outputs: {Url: {Value: !Ref Queue}, Extra: {Value: !Ref Extra, Condition: WithExtras}}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "template.yaml"
    path.write_text(WRITTEN)
    return path


def lookup(name: str, attribute: str | None) -> str:
    return f"<{name}.{attribute}>"


def test_short_forms_and_functions_are_carried_out(path: Path) -> None:
    template = Template.load(path, {"Name": "daily"})
    properties = template.resolve(template.resources["Queue"].properties, lookup)
    assert properties == {"Target": "<Other.Arn>", "Text": "daily-<Other.Arn>", "Days": []}
    assert template.resolve(template.outputs, lookup) == {"Url": "<Queue.None>"}


def test_a_function_takes_what_is_global_unless_it_says_otherwise(path: Path) -> None:
    properties = Template.load(path, {"Name": "daily"}).resources["Function"].properties
    assert properties == {"Timeout": 9, "Handler": "app.handler"}


@pytest.mark.parametrize(("extras", "is_there"), [("yes", True), ("no", False)])
def test_what_has_a_condition_is_there_only_where_it_holds(path: Path, extras: str, is_there: bool) -> None:
    template = Template.load(path, {"Name": "daily", "Extras": extras})
    assert ("Extra" in template.resources, "Extra" in template.outputs) == (is_there, is_there)
    assert {"Queue", "Function"} <= template.resources.keys()


def test_a_condition_that_depends_on_a_resource_is_refused(path: Path) -> None:
    path.write_text(WRITTEN.replace("[!Ref Extras,", "[!Ref Queue,"))
    with pytest.raises(ConfigurationError, match="not on Queue"):
        Template.load(path, {"Name": "daily"})


@pytest.mark.parametrize(
    ("parameters", "message"), [({}, "Name has no default"), ({"Name": "x", "Nmae": "y"}, "no parameter Nmae")]
)
def test_parameters_that_are_missing_or_unknown_are_named(path: Path, parameters: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Template.load(path, parameters)


def test_a_function_that_is_not_known_is_named(path: Path) -> None:
    path.write_text(WRITTEN.replace('!Sub "${Name}-${Other.Arn}"', "!Base64 x"))
    template = Template.load(path, {"Name": "daily"})
    with pytest.raises(ConfigurationError, match="Fn::Base64"):
        template.resolve(template.resources["Queue"].properties, lookup)
