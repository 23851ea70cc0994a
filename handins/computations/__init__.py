"""Pure: numbers and words in, numbers out. Nothing here knows rows, settings or pages."""
