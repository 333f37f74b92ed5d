"""The Gauzy accounts that callers linked: tokens at rest, sealed, and opened for their owner alone."""
