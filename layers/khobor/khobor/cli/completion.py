"""Shell completion of option values."""

import os

import typer

_SUFFIX = ".toml"


def source_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of sources that start with a prefix: bundled, of the archive, or in the folder of ``--sources``.

    Args:
        ctx: The command line so far.
        incomplete: The prefix.
    """
    # Here, not above: --help should not wait for it.
    from pathlib import Path

    from khobor.cli.place import ARCHIVE, ARCHIVE_VARIABLE
    from khobor.keys import SOURCES
    from khobor.sources.registry import BUNDLED_FOLDER

    given = ctx.params.get("folder")
    archive = ctx.params.get("archive") or os.environ.get(ARCHIVE_VARIABLE) or ARCHIVE
    folders = [BUNDLED_FOLDER, Path(archive) / SOURCES, *([Path(given)] if given else [])]
    names = {path.stem for folder in folders for path in folder.glob(f"*{_SUFFIX}")}
    return sorted(name for name in names if name.startswith(incomplete))
