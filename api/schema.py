"""What the kit adds to the OpenAPI description, so that it says all that a route can do and answer."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. A refusal has written nothing.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "Name of a query parameter."},
                },
            },
        },
    },
}
ALWAYS = {
    "400": "The values, or a rule, do not allow it.",
    "401": "No key, or one that does not work here.",
    "403": "Your role, or the scopes of your token, do not allow it.",
    "404": "There is no such row, or it is not yours to see.",
    "406": "None of the kinds in `Accept` is spoken here.",
    "429": "Too many requests; `Retry-After` says when to go on.",
    "503": "A store is away; come back in a moment.",
}
WRITING = {
    "409": "It does not fit what is there now, or the same key is being answered.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
}
COUNTS = {
    name: {"schema": {"type": "string"}, "description": about}
    for name, about in (
        ("RateLimit", "What is left of each budget, and seconds until it is full again."),
        ("RateLimit-Policy", "The budgets: requests and seconds."),
    )
}
FIELDS = {
    "name": "fields",
    "in": "query",
    "required": False,
    "schema": {"type": "string", "pattern": "^[a-z_]+(,[a-z_]+)*$"},
    "description": "Only these fields of each row, parted by commas.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Sent again within 24 hours with the same body, nothing is done and the answer is the same.",
}
MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": '^("[!#-~]*"|\\*)$'},
    "description": "The `ETag` of the row as you know it; 412 when somebody has changed it since.",
}


def complete(result: dict[str, Any], generator: Any, request: Any, public: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    for schema in result["components"]["schemas"].values():
        _name_by_keys_only(schema)
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, by_id=path.rstrip("/").endswith("}"))
            if method == "get":
                _leave_out(operation, result["components"]["schemas"])
    return result


def _name_by_keys_only(schema: dict[str, Any]) -> None:
    """Labels are for people who fill in forms: the description would change with the words of a page."""
    for field in schema.get("properties", {}).values():
        for part in (field, field.get("items", {})):
            part.pop("title", None)
            _name_by_keys_only(part)


def _leave_out(operation: dict[str, Any], known: dict[str, Any]) -> None:
    """With ``fields``, no field of a row is sure to be there."""
    content = operation["responses"].get("200", {}).get("content", {})
    for media in content.values():
        row = _named(media["schema"], known)
        results = row.get("properties", {}).get("results")
        _named(results["items"] if results else media["schema"], known).pop("required", None)


def _named(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    return known[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema


def _complete(operation: dict[str, Any], method: str, *, by_id: bool) -> None:
    parameters = operation.setdefault("parameters", [])
    problems = dict(ALWAYS)
    if method == "get":
        parameters.append(FIELDS)
        if by_id:
            operation["responses"]["304"] = {"description": "As you know it (`If-None-Match`)."}
    else:
        problems |= WRITING
    if method == "post":
        parameters.append(KEY)
        problems["422"] = "The key was used for another request."
    if method in {"put", "patch", "delete"} and by_id:
        parameters.append(MATCH)
        problems["412"] = "It was changed in the meantime."
    for response in operation["responses"].values():
        response["headers"] = {**response.get("headers", {}), **COUNTS}
    for status, about in problems.items():
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"].setdefault(status, {"description": about, "content": content})
    parameters.sort(key=lambda one: (one["in"], one["name"]))
