"""What the compiler says: places, codes, findings and the sink that collects them."""

from coursec.diagnostics.codes import CODES, Code, Severity
from coursec.diagnostics.diagnostic import Diagnostic, Diagnostics
from coursec.diagnostics.span import Span

__all__ = ["CODES", "Code", "Diagnostic", "Diagnostics", "Severity", "Span"]
