"""moto's responses with less work: what it makes anew for each call depends on the service alone."""

from collections.abc import Generator
from functools import cache

from botocore.model import Shape
from moto import backend_index
from moto.core import responses, utils
from moto.core.base_backend import BaseBackend
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker
from moto.sqs import models as sqs


class CachingPicker(XFormedAttributePicker):
    """Finds each member of a response where moto finds it, and remembers under which names it looks for it."""

    def __call__(self, context: AttributePickerContext) -> object:
        # Of the ten members of an attribute value of DynamoDB, one is there, under its own name.
        if self._is_attribute_value(context) and context.key not in context.obj:
            return None
        return super().__call__(context)

    def get_possible_keys(self, context: AttributePickerContext) -> Generator[str]:
        if hasattr(context.obj, "Meta"):
            yield from super().get_possible_keys(context)
            return
        place = (type(context.obj), context.key, context.shape)
        if place not in _possible_keys:
            _possible_keys[place] = tuple(dict.fromkeys(super().get_possible_keys(context)))
        yield from _possible_keys[place]

    @staticmethod
    def _is_attribute_value(context: AttributePickerContext) -> bool:
        parent: Shape | None = getattr(context.shape, "parent", None)
        return parent is not None and parent.name == "AttributeValue" and type(context.obj) is dict


_possible_keys: dict[tuple[type, str, Shape], tuple[str, ...]] = {}


# Those of the services that are called most are compared first with the URL of a call, not after 160 others.
_MOST_CALLED = ("dynamodb", "sqs", "s3")
_urls_of_moto = vars(BaseBackend)["urls"].fget
_urls: dict[type, object] = {}


def _urls_of(backend: BaseBackend) -> object:
    if type(backend) not in _urls:
        _urls[type(backend)] = _urls_of_moto(backend)
    return _urls[type(backend)]


def use_caches() -> None:
    """Let moto use them, from now on in this process."""
    names = cache(utils.camelcase_to_underscores)
    backend_index.backend_url_patterns.sort(key=lambda service_and_pattern: service_and_pattern[0] not in _MOST_CALLED)
    for owner, name, quick in (
        (BaseBackend, "urls", property(_urls_of)),
        (responses, "XFormedAttributePicker", CachingPicker),
        (responses, "camelcase_to_underscores", names),
        (responses, "method_names_from_class", cache(utils.method_names_from_class)),
        (sqs, "camelcase_to_underscores", names),
    ):
        setattr(owner, name, quick)
