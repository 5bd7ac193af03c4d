"""Mathematics as data: expressions that remember their working, numbers, and how both are written."""
