"""Schemas: the shape of what comes in. They check shape only; rules stay in the domain."""
