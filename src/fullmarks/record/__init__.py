"""Reading and writing our own data: solutions as JSON."""
