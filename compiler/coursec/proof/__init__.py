"""The proof: what was written is read back by independent readers and compared with the course."""
