"""The targets of assignments: papers, notebooks, and the folder that students start from.

Each makes the starter from a `Handout` that holds nothing of the solution.
"""
