"""The explorer page of the demo: one question, two people, what each of them gets, and how.

Only a hub in the environment ``demo`` has it (:func:`hutong.composition.create_app`). Neighbours:
:mod:`hutong.explorer.content` (who may be asked as, and what), :mod:`hutong.explorer.routes` (the page and its
endpoints), :mod:`hutong.explorer.guard` (who may call them), ``console/`` (the editor that is bundled into it).
"""
