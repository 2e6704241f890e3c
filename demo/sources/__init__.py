"""The departments' databases: loading the synthetic city into real servers and files, starting and stopping them.

:mod:`demo.sources.runtime` is the door; the other modules each know one engine. No package of the hub is imported.
"""
