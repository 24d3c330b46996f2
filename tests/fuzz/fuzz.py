"""Fuzzing, guided by coverage: each target keeps the inputs that reach new code.

What breaks a target is written below ``findings/<target>/``, where a test replays it: make it as small as it can be,
and fix what it shows. Nothing of any publisher's goes there.

    make fuzz OPTIONS="--seconds 300 --target parse"
"""

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

HERE = Path(__file__).parent
# So long one input may take, and so much memory.
SLOWEST_SECONDS = 10
MOST_MEGABYTES = 1024
# What is imported only where it is needed; here it is to tell what is reached of it.
LATER = ("khobor.dates.human_readable", "khobor.sources.selectors", "khobor.html.charset")


def fuzz(name: str, arguments: list[str]) -> None:
    """Fuzz one target until libFuzzer ends this process."""
    with atheris.instrument_imports(include=["khobor", "protego"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 imported so that it tells what it reaches

        for module in LATER:
            import_module(module)

    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def run(name: str, seconds: int, corpus: Path, most_bytes: int) -> bool:
    """Fuzz a target in a process of its own; return whether nothing was found."""
    from tests.fuzz.pieces import pieces, seeds  # noqa: PLC0415 not before a target is imported

    inputs, words, findings = corpus / name, corpus / f"{name}.dict", HERE / "findings" / name
    inputs.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (inputs / f"seed-{number}").write_bytes(seed[:most_bytes])
    words.write_text("".join(f'"{_escaped(piece)}"\n' for piece in pieces(name)))
    findings.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOWEST_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}"]
    where = [f"-dict={words}", f"-artifact_prefix={findings}/", f"-max_len={most_bytes}", "-print_final_stats=1"]
    command = [sys.executable, "-m", "tests.fuzz.fuzz", "--one", name, *limits, *where, str(inputs)]
    return subprocess.run(command, check=False).returncode == 0


def _escaped(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


def main() -> int:
    """Fuzz what is asked for; return 1 where something was found."""
    if sys.argv[1:2] == ["--one"]:
        fuzz(sys.argv[2], sys.argv[3:])
        return 0
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 not before it is known that no target runs here

    parser = argparse.ArgumentParser(description="Fuzz khobor, guided by coverage.")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one; may be repeated")
    parser.add_argument("--corpus", type=Path, help="folder of the inputs, to go on from in another run")
    parser.add_argument("--bytes", type=int, default=4096, help="largest input")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder)
        names = options.target or list(TARGETS)
        broken = [name for name in names if not run(name, options.seconds, corpus, options.bytes)]
    print(f"broken: {', '.join(broken)}; see tests/fuzz/findings" if broken else "nothing was found")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
