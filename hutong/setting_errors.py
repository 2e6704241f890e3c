"""What the settings' library finds wrong with a value, as a message of the table; never the value itself.

Neighbour: :mod:`hutong.settings` reads the settings. The library's kinds of error:
https://docs.pydantic.dev/latest/errors/validation_errors/.
"""

import re
from collections.abc import Mapping
from typing import Any

from schema.message import Told, Unusable
from schema.messages import hub_settings

_QUOTED = re.compile(r"'[^']*'")


def told_of(wrong: Mapping[str, Any]) -> Told:
    """One error, as ``ValidationError.errors()`` gives it; of a kind without a message here, in the library's words."""
    context = wrong.get("ctx", {})
    match wrong["type"]:
        case "int_type":
            told = hub_settings.NOT_AN_INTEGER()
        case "int_parsing":
            told = hub_settings.NOT_READ_AS_INTEGER()
        case "int_from_float":
            told = hub_settings.NOT_WHOLE()
        case "float_parsing":
            told = hub_settings.NOT_READ_AS_NUMBER()
        case "bool_parsing":
            told = hub_settings.NOT_READ_AS_FLAG()
        case "string_type":
            told = hub_settings.NOT_A_TEXT()
        case "tuple_type":
            told = hub_settings.NOT_A_LIST()
        case "path_type":
            told = hub_settings.NOT_A_PATH()
        case "dataclass_type":
            told = hub_settings.NOT_A_TABLE(name=context["class_name"])
        case "enum":
            told = hub_settings.NOT_AMONG(alternatives=_quoted(context["expected"]))
        case "greater_than_equal":
            told = hub_settings.TOO_LITTLE(minimum=context["ge"])
        case "less_than_equal":
            told = hub_settings.TOO_GREAT(maximum=context["le"])
        case "timezone_aware":
            told = hub_settings.WITHOUT_ZONE()
        case "datetime_from_date_parsing":
            told = hub_settings.NOT_A_MOMENT(fault=context["error"])
        case "url_parsing":
            told = hub_settings.NOT_A_URL(fault=context["error"])
        case "url_scheme":
            told = hub_settings.URL_SCHEME(alternatives=_quoted(context["expected_schemes"]))
        case "extra_forbidden":
            told = hub_settings.SETTING_UNKNOWN()
        case "unexpected_keyword_argument":
            told = hub_settings.MEMBER_OF_TABLE_UNKNOWN()
        case "value_error" if isinstance(error := context["error"], Unusable):
            told = hub_settings.CONTRADICTION(reason=error.told)
        case _:
            told = hub_settings.SETTING_FAULT(fault=wrong["msg"])
    return told


def _quoted(text: str) -> tuple[str, ...]:
    """``'production' or 'demo'`` -> the two with their quotation marks."""
    return tuple(_QUOTED.findall(text))
