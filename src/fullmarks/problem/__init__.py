"""What is asked: the model of a problem, reading it, its formula language, drawing its numbers, ordering its graph."""
