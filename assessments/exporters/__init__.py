"""Writing questions to files: what a format cannot carry is named, never dropped in silence."""
