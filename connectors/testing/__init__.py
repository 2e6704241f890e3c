"""For whoever writes a connector: the suite it has to pass, and the data the suite runs on.

The modules here import pytest and belong to tests; nothing of the hub imports them.
"""
