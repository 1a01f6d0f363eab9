"""``python -m limner``."""

import sys

from limner.cli.main import main

sys.exit(main())
