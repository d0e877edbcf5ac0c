"""Slides of any format to lectures in Markdown."""
