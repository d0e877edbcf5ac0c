"""What changed between two revisions of a course, in a teacher's words."""
