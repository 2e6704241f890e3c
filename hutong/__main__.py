"""``python -m hutong``: the same as the command ``hutong``."""

from hutong.cli import main

main()
