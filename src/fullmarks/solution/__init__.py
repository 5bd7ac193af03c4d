"""How a problem is worked: walking its graph on two routes, naming quantities, and laying out lines."""
