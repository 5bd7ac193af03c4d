"""Exams: many problems, many papers, from a blueprint."""
