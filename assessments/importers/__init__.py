"""Reading questions from files: bytes in, questions and problems out. Nothing here writes; a service decides what to
keep."""
