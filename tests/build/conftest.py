"""What sam build wrote."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from khobor.embedded.template import Resource, Template

PARAMETERS = {"Contact": "mailto:tests@localhost", "Delivery": "ENABLED"}
FUNCTION, LAYER = "AWS::Serverless::Function", "AWS::Serverless::LayerVersion"


@dataclass(frozen=True)
class Build:
    """The built template, and what lies beside it."""

    folder: Path
    template: Template

    @property
    def architecture(self) -> str:
        """The processor, such as arm64."""
        return str(self.template.parameters["Architecture"])

    @property
    def python(self) -> str:
        """The version of Python, such as 3.13."""
        return str(self.template.parameters["Runtime"]).removeprefix("python")

    def layer(self, name: str) -> Path:
        """Return the folder of a layer."""
        return self.folder / str(self.template.resources[name].properties["ContentUri"])

    def layers(self, function: Resource) -> list[Path]:
        """Return the folders of the layers of a function."""
        return [self.layer(each["Ref"]) for each in function.properties["Layers"]]

    def code(self, function: Resource) -> Path:
        """Return the folder of a function's code."""
        return self.folder / str(function.properties["CodeUri"])


def read(folder: Path) -> Build:
    """Read what was built."""
    if not (folder / "template.yaml").is_file():
        raise pytest.UsageError(f"{folder} has no template.yaml: make build writes it to .aws-sam/build")
    return Build(folder, Template.load(folder / "template.yaml", PARAMETERS))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each function or layer that it asks for."""
    built = read(metafunc.config.getoption("--built"))
    for argument, kind in (("function", FUNCTION), ("layer", LAYER)):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, built.template.of_type(kind), ids=lambda each: each.name)


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Build:
    """The build of the option --built."""
    return read(request.config.getoption("--built"))
