"""Container entrypoint: python -m jobs NAME [--param value ...]"""

import gc
import sys

gc.disable()  # until all is imported: what imports make is there to stay

from common.runtime.entrypoint import main  # noqa: E402

sys.exit(main())
