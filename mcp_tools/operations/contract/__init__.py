"""Whether a Gauzy's own API document allows every request that our tools can make."""
