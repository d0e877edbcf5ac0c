"""From files to the model: bytes, positioned YAML nodes, schema check, items."""
