"""The program of the process that reads a document: python -I worker.py

It does not load the package around the readers: whoever has them read needs the whole runtime, a
tenth of a second, of which a reader makes no use.
"""

import sys
from pathlib import Path
from types import ModuleType


def main() -> None:
    """Stand in for the package, and go."""
    here = Path(__file__).parent
    sys.path.insert(0, str(here.parents[2]))
    package = ModuleType("common.reading")
    package.__path__ = [str(here)]
    sys.modules[package.__name__] = package
    from common.reading.child import answer

    answer()


if __name__ == "__main__":
    main()
