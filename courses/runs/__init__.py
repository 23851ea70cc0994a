"""What is particular to runs: days that can be meant, and people in a CSV file."""
