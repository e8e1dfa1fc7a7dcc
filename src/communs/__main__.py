"""`python -m communs`, the same as the `communs` command."""

import sys

from communs.cli import main

sys.exit(main())
