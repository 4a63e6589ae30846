"""The rules of Certway: frozen dataclasses and pure functions; the clock and new ids are passed in."""
