"""Records: the port through which every fact is kept, and its adapters."""
