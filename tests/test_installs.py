"""Every step that installs or builds something takes what is locked, with its hash, and nothing else."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator

import pytest
import yaml
from tests.conftest import ROOT

from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Template

# Steps that cannot be locked, each with the reason.
EXCEPTIONS = {
    # Debian signs its packages, and its mirrors keep no version that a security update replaced. Only tests run it.
    "apt-get install -y -qq --no-install-recommends chromium",
    "apt-get install -y -qq --no-install-recommends $(SITE_PACKAGES) >/dev/null",
    'apt-get download -qq -o APT::Sandbox::User="$$(id -un)" $(WORDPRESS)',
}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
NOT_SCRIPTS = ("docs/", "sources/", "tests/golden/", "tests/sources/")
PYTHON_INSTALLERS = {"pip", "pip3"}
# The one npm command that installs only what the lock file names, and runs no scripts.
FROM_NPM_LOCK = ("npm", ["ci", "--ignore-scripts"])
# Commands that fetch code by name: none has a lock file here, except for npm in the step above.
OTHERS = {
    *("apk", "apt", "apt-get", "brew", "bun", "bunx", "cargo", "conda", "curl", "dnf", "easy_install", "gem", "go"),
    *("mamba", "npm", "npx", "pdm", "pipx", "pnpm", "poetry", "snap", "uvx", "wget", "yarn", "yum"),
}
FETCHING = {"add", "ci", "dlx", "download", "exec", "get", "i", "install", "run", "sync", "tool", "upgrade", "wheel"}
ALWAYS_FETCHING = {"bunx", "curl", "easy_install", "npx", "pipx", "uvx", "wget"}


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    return [name for name in listed.stdout.splitlines() if not name.startswith(NOT_SCRIPTS)]


def is_script(name: str) -> bool:
    if re.search(r"(^|/)(Makefile|Dockerfile[\w.-]*|[\w.-]+\.(mk|sh|bash|ya?ml|toml|cfg|ini))$", name):
        return True
    return "." not in name.rpartition("/")[2] and (ROOT / name).read_bytes().startswith(b"#!")


def starts_something(name: str) -> bool:
    return name != "tests/test_installs.py" and "subprocess" in (ROOT / name).read_text("utf-8")


def shell_commands(text: str) -> Iterator[str]:
    """Yield the commands of a makefile, a shell script or a configuration, without comments."""
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        for part in re.split(r"&&|\|\||[;|]|\{ | \}", re.sub(r"(^|\s)#.*", "", line)):
            yield part.strip()


def python_commands(text: str) -> Iterator[str]:
    """Yield the words of each list and call of a Python file, as a command."""
    for node in ast.walk(ast.parse(text)):
        parts: list[ast.expr] = []
        if isinstance(node, ast.List):
            parts = node.elts
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            parts = [ast.Constant(node.func.id), *node.args]
        yield " ".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def complaint(command: str) -> str | None:
    """Return why a command may install or build something that is not locked, None if it does not."""
    words = command.split()
    if words[:1] == ["echo"] and not re.search(r"\$\(|`", command):
        return None
    names = [re.sub(r"[^\w-]+$|^\W+", "", word).rpartition("/")[2].lower() for word in words]
    for position, name in enumerate(names):
        options, rest = words[position + 1 :], names[position + 1 :]
        if (
            name in OTHERS
            and (name, options[:2]) != FROM_NPM_LOCK
            and (name in ALWAYS_FETCHING or FETCHING & set(rest))
        ):
            return None if " ".join(words[position:]) in EXCEPTIONS else f"{name} takes what a registry has today"
        if name in PYTHON_INSTALLERS and FETCHING & set(rest):
            return pip_complaint(options, by_uv="uv" in names[:position])
        if name == "uv" and (found := uv_complaint(options, rest)):
            return found
        if name == "build" and names[position - 1 : position] == ["m"] and "--no-isolation" not in options:
            return "build without --no-isolation"
    return None


def pip_complaint(options: list[str], *, by_uv: bool) -> str | None:
    named = [word for word in options[1:] if not word.startswith("-") and not word.endswith(".whl")]
    files_alone = options[0] == "install" and "--no-deps" in options and not named
    if "--require-hashes" not in options and not files_alone:
        return "pip without --require-hashes"
    if "--no-binary" in " ".join(options):
        return "pip builds what has a wheel"
    # uv builds without isolation: pyproject.toml says so.
    if not by_uv and not files_alone and "--only-binary" not in " ".join(options):
        return "pip builds in isolation"
    return "a build in isolation" if "--build-isolation" in options else None


def uv_complaint(options: list[str], names: list[str]) -> str | None:
    verb = next((name for name in names if name in {"add", "build", "pip", "run", "sync", "tool"}), "")
    if verb in {"add", "tool"}:
        return f"uv {verb} takes what a registry has today"
    if verb in {"run", "sync"} and not {"--locked", "--frozen", "--no-sync"} & set(options):
        return f"uv {verb} without --locked"
    if verb == "build" and "--no-build-isolation" not in options:
        return "uv build without --no-build-isolation"
    return None


def steps() -> list[tuple[str, str]]:
    scripts = [(name, shell_commands) for name in tracked() if is_script(name)]
    scripts += [(name, python_commands) for name in tracked("*.py") if starts_something(name)]
    return [(name, each) for name, read in scripts for each in read((ROOT / name).read_text("utf-8")) if each]


def test_every_step_that_installs_takes_what_is_locked() -> None:
    found = steps()
    assert {name for name, each in found if "--require-hashes" in each} >= {"Makefile", "layers/install.mk"}
    assert [f"{name}: {each}: {why}" for name, each in found if (why := complaint(each))] == []


@pytest.mark.parametrize(
    "step",
    [
        "pip install hatchling",
        "python3 -m pip install --upgrade pip",
        "$(BIN)/pip install -r requirements.txt",
        "$(pip) install --require-hashes -r requirements.txt",  # an sdist would be built in isolation
        "pip install --no-deps khobor",
        "pip wheel --no-deps .",
        "pip download boto3",
        "@$(UV) pip install ruff==0.14",
        "$(UV) pip sync requirements.txt",
        "$(UV) sync --inexact",
        "uv run pytest",
        "uv tool install ruff",
        "uv add boto3",
        "uvx ruff check .",
        "pipx run build",
        "pipx install sam",
        "uv build --wheel",
        "python -m build",
        "npx playwright install",
        "npm install -g aws-cdk",
        "npm ci",  # packages would run what they bring
        "sudo apt-get install -y jq",
        "apt install jq",
        "- run: pip install uv",
        "entry: pip install ruff",
        "curl -LsSf https://astral.sh/uv/install.sh",
    ],
)
def test_a_step_that_is_not_locked_is_refused(step: str) -> None:
    assert [why for each in shell_commands(f"\t@true && {step} || exit 1\n") if (why := complaint(each))]


@pytest.mark.parametrize(
    "code",
    [
        'subprocess.run([sys.executable, "-m", "pip", "install", "moto"])',
        'uv("build", "--wheel", folder)',
        'uv("pip", "install", "--python", python, "khobor")',
    ],
)
def test_a_step_of_a_program_that_is_not_locked_is_refused(code: str) -> None:
    assert [why for each in python_commands(code) if (why := complaint(each))]


def test_uv_builds_nothing_in_isolation() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["uv"]["no-build-isolation"] is True
    assert "extra-build-dependencies" not in project["tool"]["uv"]


def test_the_build_back_end_is_the_one_that_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    versions = re.findall(
        r"^([\w-]+==[\w.]+) \\\n    --hash=", (ROOT / "setup-requirements.txt").read_text(), re.MULTILINE
    )
    assert set(project["build-system"]["requires"]) <= set(versions)
    assert {line.partition("==")[0] for line in versions} >= {"uv", "hatchling", "editables"}


@pytest.mark.parametrize("name", tracked("*requirements*.txt", "*tools*.txt", "*build*.txt", "*engines.txt"))
def test_every_requirement_has_a_version_and_a_hash(name: str) -> None:
    lines = re.sub(r" \\\n\s*", " ", (ROOT / name).read_text("utf-8")).splitlines()
    required = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert required
    assert [line for line in required if not re.match(r"[\w.\[\]-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


@pytest.mark.parametrize("name", tracked("*package-lock.json"))
def test_every_package_of_npm_has_a_version_and_a_hash(name: str) -> None:
    packages = json.loads((ROOT / name).read_text("utf-8"))["packages"]
    installed = {path: facts for path, facts in packages.items() if path}
    assert installed
    assert [path for path, facts in installed.items() if "version" not in facts or "integrity" not in facts] == []
    named = json.loads((ROOT / name).with_name("package.json").read_text("utf-8"))["dependencies"]
    assert packages[""]["dependencies"] == named


def test_sam_builds_by_the_makefiles_or_not_at_all() -> None:
    template = Template.load(TEMPLATE, {"Contact": "mailto:tests@localhost", "Delivery": "ENABLED"})
    for resource in template.resources.values():
        if resource.type in {"AWS::Serverless::Function", "AWS::Serverless::LayerVersion"}:
            written = yaml.dump(template_metadata(resource.name))
            assert "SkipBuild: true" in written or "BuildMethod: makefile" in written, resource.name


def template_metadata(name: str) -> object:
    block = TEMPLATE.read_text("utf-8").partition(f"\n  {name}:\n")[2]
    return yaml.safe_load(re.search(r"^    Metadata: (.*)$", block, re.MULTILINE)[1])  # type: ignore[index]


def workflows() -> list[tuple[str, str]]:
    return [(name, (ROOT / name).read_text("utf-8")) for name in tracked(".github/workflows/*")]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in workflows()])
def test_a_workflow_runs_actions_by_their_commit_and_targets_that_are_there(text: str) -> None:
    used = re.findall(r"\buses: *(\S+)", text)
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []
    jobs = yaml.safe_load(text)["jobs"].values()
    targets = [each for job in jobs for each in job.get("strategy", {}).get("matrix", {}).get("target", [])]
    targets += re.findall(r"run: make ([a-z0-9-]+)", text)
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []


def test_the_workflow_tests_every_python_that_is_promised_and_the_lowest_versions() -> None:
    (text,) = (text for name, text in workflows() if name.endswith("/checks.yml"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    assert yaml.safe_load(text)["jobs"]["tests"]["strategy"]["matrix"]["python"] == promised
    assert project["requires-python"] == f">={promised[0]}"
    assert "run: make lowest" in text


def test_a_hook_before_a_commit_comes_from_this_checkout() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert {each["repo"] for each in hooks["repos"]} == {"local"}
    assert not [hook for each in hooks["repos"] for hook in each["hooks"] if hook["language"] != "system"]
