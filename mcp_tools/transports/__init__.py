"""The three ways in: bytes to engine and back, nothing else."""
