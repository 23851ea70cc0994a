"""Speed and memory, shown side by side with a baseline; never part of the tests."""
