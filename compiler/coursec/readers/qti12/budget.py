"""How much one file may ask for, however it is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """What is left of the work that a file is worth."""

    questions: int = 50_000
    tests: int = 10_000_000
    """Conditions looked at while responses are tried out."""

    def take_question(self) -> bool:
        """Tell whether one more question may be read."""
        self.questions -= 1
        return self.questions >= 0

    def take_tests(self, number: int) -> bool:
        """Tell whether so many more conditions may be looked at."""
        self.tests -= number
        return self.tests >= 0
