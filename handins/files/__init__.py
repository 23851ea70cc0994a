"""Files as they come from strangers and as they go out again: which kinds, what words, and nobody's name."""
