import sys

from gauzy_mcp.env.sample import sample

sys.stdout.write(sample())
