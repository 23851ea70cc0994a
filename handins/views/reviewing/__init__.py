"""Pages for whoever gives feedback."""
