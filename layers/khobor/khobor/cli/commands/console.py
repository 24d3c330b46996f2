"""``khobor console``: an archive in a browser, served by this machine to itself."""

import signal
import webbrowser
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from khobor.cli.console_deployments import aws_deployment, embedded_deployment
from khobor.cli.embedded import embedded
from khobor.cli.options import NOBODY, Contact, Loopback
from khobor.cli.place import ArchivePlace, Place
from khobor.cli.terminal import output
from khobor.cli.workspace import WorkspaceOptions, sources_of, workspace

if TYPE_CHECKING:
    from khobor.cli.folder_deployment import FolderDeployment
    from khobor.console.deployment import Deployment
    from khobor.console.server import Opening
    from khobor.embedded.stack import EmbeddedStack


Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on the loopback address; 0 takes a free one.")]
# SIGHUP is not there on Windows.
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
# As shells have it.
_SIGNALLED = 128

# A token of base64 for URLs has nothing that HTML would read otherwise.
_PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}"><title>khobor</title>
<p><a href="{address}">Open the console</a></p>
"""


def console(
    *,
    place: "Place | None",
    in_process: Annotated[
        bool,
        typer.Option("--embedded", help="Use a temporary stack in this process, with the bundled page."),
    ] = False,
    port: Port = 0,
    browser: Annotated[bool, typer.Option(help="Open it in the browser.")] = True,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
) -> None:
    """Show an archive in your browser: a local one, or a stack with your own AWS credentials; nobody else can reach it.

    Pages that you add there are kept.

    For example:

    - `khobor console`
    - `khobor console --archive news`
    - `khobor console --stack news`
    - `khobor console --embedded`
    """
    if in_process or place is None:
        with embedded(contact, None, allow_loopback=allow_loopback) as running:
            _add_bundled_page(running)
            _serve(embedded_deployment(running), port, browser=browser)
    elif isinstance(place, ArchivePlace):
        with _folder_deployment(place, contact, allow_loopback=allow_loopback) as deployment:
            _serve(deployment, port, browser=browser)
    else:
        name = "The stack of make local" if place.is_local else f"The stack {place.name} on AWS"
        _serve(aws_deployment(place.name, name), port, browser=browser)


@contextmanager
def _folder_deployment(place: ArchivePlace, contact: str, *, allow_loopback: bool) -> "Iterator[FolderDeployment]":
    """Open a local archive, which must be there."""
    # Here, not above: they take a while to import, and --help should not.
    from khobor.cli.folder_deployment import FolderDeployment
    from khobor.local.archive_folder import ArchiveFolder
    from khobor.local.stopping import Stop

    with ArchiveFolder.open(place.folder):
        options = WorkspaceOptions(
            archive=place.folder, contact=contact, log=None, allow_loopback=allow_loopback, jobs=1, is_said=True
        )
        with workspace(options, sources_of(place.folder), Stop()) as opened:
            yield FolderDeployment(opened)


def _add_bundled_page(stack: "EmbeddedStack") -> None:
    from khobor.embedded.project import DEMO_PAGE

    stack.upload("uploads/bundled.html", DEMO_PAGE.read_bytes())
    stack.run()


def _serve(deployment: "Deployment", port: int, *, browser: bool) -> None:
    """Serve the console until it is interrupted."""
    from khobor.console.server import serve_console

    _show(serve_console(deployment, port), deployment.name, browser=browser)


def _show(serving: AbstractContextManager["Opening"], name: str, *, browser: bool) -> None:
    with _ended_by_signals(), serving as opening, ExitStack() as until_the_end:
        output.print(
            f"{name}, available only to you at\n\n  {opening.address}\n\n"
            "This address works once. If your browser cannot open it (Safari, for example), use\n\n"
            f"  {opening.numbered_address}\n\n"
            "With that address, the browser also sends the console's cookie to other servers on this machine. "
            "Press Ctrl-C to stop.",
            soft_wrap=True,
        )
        if browser:
            webbrowser.open(until_the_end.enter_context(opening_page(opening)).as_uri())
        _wait_for_interrupt()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End in order when the terminal closes or a program ends this one, so that the page with the token is removed."""

    def end(number: int, _: object) -> None:
        # What follows must not interrupt the end.
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(_SIGNALLED + number)

    before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def opening_page(opening: "Opening") -> Iterator[Path]:
    """Give a file that leads a browser to the console, as long as it is used.

    Every account may read the command lines of this machine, and the browser's would have the token. The file is read
    by its owner alone.

    Args:
        opening: Where the console opens.
    """
    # Made for its owner alone: mode 0700.
    with TemporaryDirectory(prefix="khobor-console-") as folder:
        page = Path(folder) / "open.html"
        page.touch(mode=0o600)
        page.write_text(_PAGE.format(address=opening.new_address()), encoding="utf-8")
        yield page


def _wait_for_interrupt() -> None:
    from threading import Event

    try:
        Event().wait()
    except KeyboardInterrupt:
        output.print()
