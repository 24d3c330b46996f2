"""What each function takes to start, and how much is deployed.

CPU time of importing a function's code in a fresh interpreter, against that of boto3 with the same clients, in turns
within one run, the least of each; the import tree of the worst; the built size of each function and layer.

    make startup
"""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from khobor.embedded.emulator import build
from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Resource, Template

ROUNDS = 15
# Runs of one day differ by up to 0.25. Parsel is imported by the functions that extract, Powertools' event handler by
# the api function, its batch processors by those that read queues and streams, apart from fetch.
LARGEST_RATIO = 1.9
TREE_LINES = 15
# Prints the name of each client that a function makes when it starts.
RECORDING = """
import boto3
make = boto3.client
boto3.client = lambda service, **options: (print(service), make(service, **options))[1]
import app
"""
BOTO3 = "boto3"
# With all functions that there are.
PARAMETERS = {"Contact": "mailto:x@localhost", "Delivery": "ENABLED"}
# Nothing that is installed here is seen.
PYTHON = (sys.executable, "-S")
# Each value need only be readable: nothing is called.
USUAL = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_LAMBDA_FUNCTION_NAME": "startup",
    # As on Lambda: what was not compiled when it was built is compiled by every start.
    "PYTHONDONTWRITEBYTECODE": "1",
}


def install_boto3(folder: Path) -> None:
    """Install what Lambda's own Python has, and compile it as there."""
    locked = str(Path(__file__).with_name("requirements.txt"))
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(folder), "--requirement", locked]
    locking = [sys.executable, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", *options]
    subprocess.run(locking, check=True)


def environment(function: Resource, built: Path) -> dict[str, str]:
    """Return the variables with which a function finds its layers and its settings."""
    names = function.properties["Environment"]["Variables"]
    values = dict.fromkeys(names, "1") | {"ALLOW_LOOPBACK": "false", "INDEXES": "none"} | USUAL
    layers = [built / layer["Ref"] / "python" for layer in function.properties["Layers"]]
    paths = [TEMPLATE.parent / function.properties["CodeUri"], *layers, built / BOTO3]
    return values | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PATH": os.defpath}


def cpu_seconds(code: str, variables: Mapping[str, str]) -> float:
    """Return the CPU time of a fresh interpreter that runs some code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*PYTHON, "-c", code], env=variables, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bare(variables: Mapping[str, str]) -> str:
    """Return code that makes the clients that a function makes when it starts, and nothing else."""
    said = subprocess.run([*PYTHON, "-c", RECORDING], env=variables, check=True, capture_output=True, text=True).stdout
    return "import boto3; " + "; ".join(f"boto3.client({service!r})" for service in said.split())


def import_tree(variables: Mapping[str, str]) -> list[str]:
    """Return the lines of the costliest imports of a function."""
    command = [*PYTHON, "-X", "importtime", "-c", "import app"]
    said = subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stderr
    lines = [line for line in said.splitlines() if re.match(r"import time:\s+\d", line)]
    costly = sorted(lines, key=lambda line: int(line.split("|")[1]), reverse=True)[:TREE_LINES]
    return [line for line in lines if line in costly]


def size_of(folder: Path) -> int:
    """Return the bytes of a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def ratio_of(variables: Mapping[str, str]) -> float:
    """Return how many times the CPU time of boto3 with the same clients a function takes to start."""
    least = bare(variables)
    pairs = [(cpu_seconds("import app", variables), cpu_seconds(least, variables)) for _ in range(ROUNDS)]
    # What disturbs a measurement only ever adds to it.
    return min(own for own, _ in pairs) / min(other for _, other in pairs)


def main() -> int:
    """Print the measurement; return 1 if a function takes longer to start than it may."""
    functions = Template.load(TEMPLATE, PARAMETERS).of_type("AWS::Serverless::Function")
    with TemporaryDirectory() as folder:
        built = Path(folder, "build")
        build(built)
        install_boto3(built / BOTO3)
        print("Built size:")
        for function in functions:
            print(f"  {function.name:16} {size_of(TEMPLATE.parent / function.properties['CodeUri']) / 1024:9.1f} KB")
        for layer in sorted(built.glob("*Layer")):
            print(f"  {layer.name:16} {size_of(layer) / 1024:9.1f} KB")
        variables = {function.name: environment(function, built) for function in functions}
        ratios = {function.name: ratio_of(variables[function.name]) for function in functions}
        worst = max(ratios, key=lambda name: ratios[name])
        print("CPU time to start, as a multiple of boto3 with the same clients:")
        print("\n".join(f"  {name:16} {ratio:5.2f}" for name, ratio in ratios.items()))
        print(f"The costliest imports of {worst}:")
        print("\n".join(import_tree(variables[worst])))
    return int(ratios[worst] > LARGEST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
