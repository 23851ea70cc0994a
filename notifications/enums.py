"""Names that other modules and apps see."""

ACCOUNT = "account"  # kind of letters about sign-in and security
DIGEST = "digest"  # kind of the letter that collects what deserves none of its own
