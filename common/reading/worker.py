"""The program of the process that reads a document: python -I worker.py

It does not load the packages around the readers: the job itself needs pydantic and the whole
runtime, a tenth of a second, of which a reader makes no use.
"""

import sys
from pathlib import Path
from types import ModuleType


def main() -> None:
    """Stand in for the packages, and go."""
    here = Path(__file__).parent
    sys.path.insert(0, str(here.parents[2]))
    for name, folder in (("jobs.extraction", here.parent), ("common.reading", here)):
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    from common.reading.child import answer

    answer()


if __name__ == "__main__":
    main()
