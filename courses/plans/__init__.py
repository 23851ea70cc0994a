"""A plan as rows: what it is made of, what two of them differ in. Edits and drafts work on these."""
