"""What may be typed to build and run courses."""
