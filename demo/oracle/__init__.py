"""A second opinion on every answer of the hub, from the raw tables alone.

It imports no package of the hub: rows are read through DB-API and from files, made canonical, judged and joined here
once more, by hand from the domain reference, in the plainest way that is right. It may be slow. The way: ``raw`` ->
``canonical`` (with ``rows_*``, one for each source, and ``rows_persons``) -> ``evaluate`` (``documents``, ``names``,
``denials``, ``rendering``, with ``model``, ``policy``, ``access``, ``conditions``, ``masks``) -> ``answer`` ->
``comparison``;
``defects`` says what each defect of the demo city must look like in an answer.
"""
