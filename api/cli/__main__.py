"""`python -m api.cli`."""

from api.start import main

main()
