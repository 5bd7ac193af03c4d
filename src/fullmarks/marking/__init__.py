"""What an answer is worth: allocating marks, known mistakes with their wrong answers, and accepted ranges."""
