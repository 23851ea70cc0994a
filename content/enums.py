"""Words that more than one part of the app writes or reads."""

# Verbs of records about help at the moment of need.
HELPED, NOT_HELPED = "helped", "not_helped"
# Kinds of elements that are written, and how the API describes them.
PAGE_KINDS = [("page", "page"), ("job_aid", "job aid"), ("checklist", "checklist")]
