"""One machine of each system, as Python would describe them."""

from __future__ import annotations

from mcp_tools.onboarding.entries import Http, Launch
from mcp_tools.onboarding.machine import Machine

MAC = Machine("darwin", "/Users/ada")
LINUX = Machine("linux", "/home/ada", {"XDG_CONFIG_HOME": "/home/ada/settings"})
WINDOWS = Machine("win32", r"C:\Users\Ada", {"APPDATA": r"D:\Roaming"})

HTTP = Http("https://mcp.example.com")
UNIX_LAUNCH = Launch("/opt/gauzy mcp/.venv/bin/python", ("/opt/gauzy mcp/manage.py", "runstdio"))
WINDOWS_LAUNCH = Launch(r"C:\gauzy mcp\.venv\Scripts\python.exe", (r"C:\gauzy mcp\manage.py", "runstdio"))
