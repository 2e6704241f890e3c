"""The table of messages: everything callers and operators are told in words, by key, in Chinese and English.

One module per part of the hub. To callers: :mod:`requests` (HTTP and the caller), :mod:`operations` (documents, limits,
rights), :mod:`reasons` (why something is denied), :mod:`sources` (connectors), :mod:`explanations` (of decisions),
:mod:`quality` (what codes of defects mean), :mod:`explorer`. To those who write files and run the hub:
:mod:`yaml_files` (their form), :mod:`catalogue_files`, :mod:`catalogue_rules`, :mod:`manifest_files`,
:mod:`manifest_bindings`, :mod:`manifest_live`, :mod:`policy_files`, :mod:`hub_settings`, :mod:`starting`,
:mod:`audit_trail`, :mod:`commands`. To add a message: define a constant whose name
is its key, with the same slots in both languages, out of :data:`schema.message.SLOTS`, and raise the error with it:
``raise BadInput(operations.CURSOR_NOT_OF_THIS_LIST())``.
"""
