"""Pages, one file per thing that is done."""
