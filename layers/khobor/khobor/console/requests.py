"""Requests from browsers: forms with limits on the size of each part."""

from io import BytesIO
from typing import IO

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Request

from khobor.page import MAX_PAGE_BYTES

# Room for the URL of a page, the name of its file, and the markup of the form.
_FORM_BYTES = 65_536
# The parser also counts its read buffer, which has 64 KiB.
_FIELD_BYTES = 2 * 65_536
_FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}


class UnreadableFormError(BadRequest):
    """The body of a request is not a form, or is damaged."""

    description = "It is damaged, or was not sent by a page of the console. Open the page and send the form again."


class _FormParser(FormDataParser):
    """Refuses a form that it cannot read; werkzeug's own parser returns an empty form."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        self.silent = False
        if mimetype not in _FORMS:
            raise UnreadableFormError
        try:
            return super().parse(stream, mimetype, content_length, options)
        except ValueError as error:
            raise UnreadableFormError from error


class ConsoleRequest(Request):
    """A request to the console."""

    max_content_length = MAX_PAGE_BYTES + _FORM_BYTES
    max_form_memory_size = _FIELD_BYTES
    max_form_parts = 5
    form_data_parser_class = _FormParser

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        # A page is read into memory in any case, and a temporary file would stay open if the form is damaged.
        return BytesIO()

    @property
    def want_form_data_parsed(self) -> bool:
        """Whether the request must have a form; a form without a content type is refused."""
        return self.method == "POST"
