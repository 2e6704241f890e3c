"""Codecs: two-way translation between a source's spelling and the canonical value (D16).

``build_codec(kind, parameters)`` makes one. Kinds, with their parameters (all optional unless *needed*):

=============  ====================================================================================================
kind           source -> canonical; parameters; quality codes
=============  ====================================================================================================
verbatim       canonical text, any characters; passes through unread
token          digits and ASCII letters of one case (collation-proof); ``''`` is null; ``dense: true`` promises there
               is no ``''`` and passes through unread
text           NFKC, trimmed; nothing left is null; ``lossy: true``: ``?`` is NAME_LOSSY. BAD_TEXT
               ``others: [text]``, or the names of a ``table`` that are not official: ``other``, as for alias
integer        whole numbers; ``min``, ``max``. VALUE_INVALID
figures        whole numbers in figures in a text column; blank is null. VALUE_INVALID
digits         whole numbers that only name something -> text. VALUE_INVALID
float          finite numbers. VALUE_INVALID
boolean        ``true: [spellings]``, default ``[true, 1]``; ``false: [spellings]``, default ``[false, 0]``.
               CODE_UNMAPPED
code           *needed* ``map: {spelling: code}``; ``pass: true`` keeps codes that are canonical already: those in
               ``codes: [...]``, default the codes of the map. ``''`` is null. CODE_UNMAPPED
date_digits    text ``yyyymmdd``; blank, ``00000000``, ``99999999`` are null. DATE_INVALID
date           native date (ISO text in SQLite). DATE_INVALID
month_dotted   text ``1985.03`` -> Month; ``as: date`` -> Date of the first day, DATE_PRECISION_MONTH. DATE_INVALID
month_digits   text ``198503``; as above
month_date     native date, always the first of a month -> Month. DATE_INVALID
datetime       native timestamp, zoned or naive Beijing time (ISO text in SQLite) -> ``+08:00``; ``zone: UTC`` for a
               column without a zone that holds UTC. DATE_INVALID
epoch          whole seconds since 1970; 0 is null. DATE_INVALID
fen            whole numbers. VALUE_INVALID
yuan, wanyuan  decimal column -> fen. VALUE_INVALID
identity       columns (ID number, local key) -> normal form, else ``~<connector>:<local key>``; *needed*
               ``connector``; ``local: integer`` when the local key column holds integers (its index is then used)
id_number      normal form when valid, else the text as it stands; ``''`` is null. ID_FORMAT, ID_CHECKSUM
id_birth       the Date of birth in a valid ID number, for registers that keep nothing else of it; else null
id_sex         the sex in a valid ID number, ``1`` or ``2``; else null
uscc           trimmed, upper case; ``''`` is null. USCC_CHECKSUM
div            *needed* ``table: {text: code}``; division codes pass; ``''`` is null. DIV_UNKNOWN
alias          *needed* ``table: {text: code}``; its codes pass; ``unknown``: quality code, default CODE_UNMAPPED
               ``others: [text]``: of these ``other`` is told, default UNIT_NAME_ALIAS
uuid           native uuid -> lower-case text
bits           list of codes: *needed* ``map: {bit: code}`` of a whole number. CODE_UNMAPPED, VALUE_INVALID
split          list of texts: *needed* ``separator``
=============  ====================================================================================================

``table`` and ``map`` may be ``{file: reference/aliases/areas.csv}``, see :mod:`connectors.manifest_tables`. Around the
codec of a sub-select ``unique`` comes :class:`connectors.codecs.only.Only`.

A row key, and every field that lists are ordered or joined by, wants ``integer``, ``token`` or ``uuid``: these keep the
source's index in use for equality, ranges and order. Neighbours: manifests name codecs, engines and shaping use them.
"""

from connectors.codecs.build import CODEC_KINDS, build_codec
from connectors.codecs.protocol import Codec, NotEnumerable

__all__ = ["CODEC_KINDS", "Codec", "NotEnumerable", "build_codec"]
