"""Finding people in the admin's lists, however long they are: by the words that the page of people uses."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from ecosystem.member_selectors import people_called
from ecosystem.models import Element


class FoundByPerson:
    """For rows with a person: by the beginnings of words of name and address, and by the title of their element.

    Django's search would look into each name for each row; this asks the index of people first.
    """

    by_element = False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        found = Q(person_id__in=people_called(words).values("pk"))
        if self.by_element:
            found |= Q(element_id__in=Element.objects.filter(title__icontains=words).values("pk"))
        return queryset.filter(found), False
