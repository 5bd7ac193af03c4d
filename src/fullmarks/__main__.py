"""``python -m fullmarks`` is the command line."""

import sys

from fullmarks.cli import main

sys.exit(main())
