"""Shell completion of option values."""

import typer

_SUFFIX = ".toml"


def source_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of sources, bundled or in the folder of ``--sources``, that start with a prefix.

    Args:
        ctx: The command line so far.
        incomplete: The prefix.
    """
    # Here, not above: --help should not wait for it.
    from pathlib import Path

    from khobor.sources.registry import BUNDLED_FOLDER

    given = ctx.params.get("folder")
    folders = [BUNDLED_FOLDER, *([Path(given)] if given else [])]
    names = {path.stem for folder in folders for path in folder.glob(f"*{_SUFFIX}")}
    return sorted(name for name in names if name.startswith(incomplete))
