import sys

from gauzy_mcp.env.document import document
from gauzy_mcp.env.sample import sample

sys.stdout.write(document() if sys.argv[1:] == ["--markdown"] else sample())
