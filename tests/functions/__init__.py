"""Tests of what runs on Lambda."""
