from api.services.tokens import MOST, token_create, token_revoke

__all__ = ["MOST", "token_create", "token_revoke"]
