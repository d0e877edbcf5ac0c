"""What to build, what is stale, and the only writer of files."""
