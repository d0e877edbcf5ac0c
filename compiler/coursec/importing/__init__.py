"""Importing: banks of other tools become items, quiz specs and media of a course."""
