"""What the settings' library finds wrong with a value, as a message of the table; never the value itself.

Neighbour: :mod:`hutong.settings` reads the settings. The library's kinds of error:
https://docs.pydantic.dev/latest/errors/validation_errors/.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from schema.message import Told, Unusable
from schema.messages import hub_settings

_PLAIN: Final[Mapping[str, Told]] = {
    "int_type": hub_settings.NOT_AN_INTEGER(),
    "int_parsing": hub_settings.NOT_READ_AS_INTEGER(),
    "int_from_float": hub_settings.NOT_WHOLE(),
    "float_parsing": hub_settings.NOT_READ_AS_NUMBER(),
    "bool_parsing": hub_settings.NOT_READ_AS_FLAG(),
    "string_type": hub_settings.NOT_A_TEXT(),
    "tuple_type": hub_settings.NOT_A_LIST(),
    "path_type": hub_settings.NOT_A_PATH(),
    "timezone_aware": hub_settings.WITHOUT_ZONE(),
    "extra_forbidden": hub_settings.SETTING_UNKNOWN(),
    "unexpected_keyword_argument": hub_settings.MEMBER_OF_TABLE_UNKNOWN(),
}
"""Kinds that say all there is to say."""
_QUOTED = re.compile(r"'[^']*'")


def told_of(wrong: Mapping[str, Any]) -> Told:
    """One error, as ``ValidationError.errors()`` gives it; of a kind without a message here, in the library's words."""
    context = wrong.get("ctx", {})
    match wrong["type"]:
        case kind if kind in _PLAIN:
            return _PLAIN[kind]
        case "dataclass_type":
            return hub_settings.NOT_A_TABLE(name=context["class_name"])
        case "enum":
            return hub_settings.NOT_AMONG(alternatives=_quoted(context["expected"]))
        case "greater_than_equal":
            return hub_settings.TOO_LITTLE(minimum=context["ge"])
        case "less_than_equal":
            return hub_settings.TOO_GREAT(maximum=context["le"])
        case "datetime_from_date_parsing":
            return hub_settings.NOT_A_MOMENT(fault=context["error"])
        case "url_parsing":
            return hub_settings.NOT_A_URL(fault=context["error"])
        case "url_scheme":
            return hub_settings.URL_SCHEME(alternatives=_quoted(context["expected_schemes"]))
        case "value_error" if isinstance(error := context["error"], Unusable):
            return hub_settings.CONTRADICTION(reason=error.told)
        case _:
            return hub_settings.SETTING_FAULT(fault=wrong["msg"])


def _quoted(text: str) -> tuple[str, ...]:
    """``'production' or 'demo'`` -> the two with their quotation marks."""
    return tuple(_QUOTED.findall(text))
