"""The course's meaning: frozen dataclasses without third parties and without I/O."""
