import argparse
import sys
from pathlib import Path

from gauzy_mcp.bundle.archive import write
from gauzy_mcp.bundle.registry import entry
from mcp_tools.onboarding.entries import written

parser = argparse.ArgumentParser(prog="python -m gauzy_mcp.bundle", description="Write the bundle, or server.json.")
parser.add_argument("place", nargs="?", type=Path, help="where the bundle goes, such as dist/gauzy-mcp.mcpb")
parser.add_argument("--registry", action="store_true", help="print server.json")
options = parser.parse_args()
if options.registry == (options.place is not None):
    parser.error("give a place for the bundle, or --registry")
if options.registry:
    print(written(entry()))
else:
    files = write(options.place)
    print(f"{options.place}: {files} files, {options.place.stat().st_size // 1024} KiB", file=sys.stderr)
