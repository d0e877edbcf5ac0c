"""The blueprint: what the items of a course and of its quizzes cover, and what they leave out."""
