"""What another version of a course means for each learner of a run, and the move itself."""
