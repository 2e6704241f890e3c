"""The languages that the hub speaks: titles, labels of codes and error messages exist in each.

A caller's language comes from the request (``Accept-Language``) or the command line (``--lang``), which also tells
operators what is wrong with their files.
"""

from enum import StrEnum


class Language(StrEnum):
    """A language, by its BCP 47 primary subtag."""

    ZH = "zh"
    EN = "en"
