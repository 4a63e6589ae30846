"""Actions: one function per use case; it loads facts, asks the domain, commits."""
