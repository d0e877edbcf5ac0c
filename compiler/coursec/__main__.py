"""`python -m coursec`."""

from coursec.cli import main

if __name__ == "__main__":
    main()
