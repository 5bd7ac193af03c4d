"""Documents: a closed list of blocks, and the composers that make them from problems and solutions."""
