from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Pages by position in the order, so that rows that come in meanwhile move nothing. ``?limit=`` up to 200."""

    ordering = "pk"
    page_size_query_param = "limit"
    max_page_size = 200
