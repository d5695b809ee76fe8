"""Container entrypoint: python -m jobs NAME [--param value ...]"""

import sys

from common.runtime.entrypoint import main

sys.exit(main())
