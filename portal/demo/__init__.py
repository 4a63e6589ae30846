"""The demo: three fictional clients with real files."""
