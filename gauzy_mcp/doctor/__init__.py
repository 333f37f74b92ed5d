"""``manage.py doctor``: what is wrong with this installation, and how to mend it.

It starts without Django and before the environment is known to be usable. Nothing but the standard library is imported
at the top of its modules, so that a package that is missing is told like every other fault.
"""

from gauzy_mcp.doctor.command import main

__all__ = ["main"]
