"""The words of LTI 1.3 and of Assignment and Grade Services 2.0, as their specifications spell them."""

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
COURSE = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"

SCORE = f"{AGS_SCOPE}score"
ITEMS_READ = f"{AGS_SCOPE}lineitem.readonly"
RESULTS_READ = f"{AGS_SCOPE}result.readonly"
SCOPES = (SCORE, ITEMS_READ, RESULTS_READ)

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"

PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
DONE, MARKED = "Completed", "FullyGraded"  # a score that says both is final
GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")


def is_final(progress: str, grading: str) -> bool:
    """Whether a score that says these counts, and is not only on the way."""
    return (progress, grading) == (DONE, MARKED)
