"""The one table of every variable this server reads, and how it is read.

``python -m gauzy_mcp.env`` prints ``.env.sample`` from the table. Nothing else in the project reads the process
environment, nothing here imports Django, and no room of ours is imported: this is a leaf.
"""

from gauzy_mcp.env.loading import EnvironmentInvalid, Loaded, environment, load, load_from_process
from gauzy_mcp.env.sample import sample
from gauzy_mcp.env.table import Environment

__all__ = ["Environment", "EnvironmentInvalid", "Loaded", "environment", "load", "load_from_process", "sample"]
