"""Files: the port through which evidence bytes are kept, and its adapters."""
