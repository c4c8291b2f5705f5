"""`python -m forgeapp` is the same program as the console script."""

import sys

from forgeapp.cli import main

if __name__ == "__main__":
    sys.exit(main())
