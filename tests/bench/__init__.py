"""Measure speed: `python -m tests.bench`, or `make bench`."""
