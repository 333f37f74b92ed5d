"""What clients see of each tool, one file per tool, changed on purpose only: ``make snapshots`` writes them anew."""
