"""Container entrypoint: python -m jobs NAME [--param value ...]"""

from __future__ import annotations

import gc
import sys
from typing import Any

gc.disable()  # until all is imported: what imports make is there to stay

from common.runtime.entrypoint import main  # noqa: E402


def look(*arguments: Any) -> None:
    """Have a queue looked at; only who needs it pays for importing the dispatcher."""
    from common.dispatch.afterwards import look

    look(*arguments)


sys.exit(main(look=look))
