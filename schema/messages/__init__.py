"""The table of messages: everything a caller is told in words, by key, in Chinese and English.

One module per part of the hub: :mod:`requests` (HTTP and the caller), :mod:`operations` (documents, limits, rights),
:mod:`reasons` (why something is denied), :mod:`sources` (connectors), :mod:`explanations` (of decisions),
:mod:`quality` (what codes of defects mean). To add a message: define a constant whose name
is its key, with the same slots in both languages, out of :data:`schema.message.SLOTS`, and raise the error with it:
``raise BadInput(operations.CURSOR_NOT_OF_THIS_LIST())``.
"""
