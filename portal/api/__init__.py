"""The HTTP API: parse, call one action, dump. Only here is Flask imported."""
