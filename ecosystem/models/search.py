from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """What full text finds: keys and word stems, nothing else.

    Outside row-level security on purpose, since only leakproof operators may use an index under it (full
    text was 28 times slower). Read by ``ecosystem.search`` alone, which filters by scope; its hits are
    joined to protected rows.
    """

    environment = models.ForeignKey("ecosystem.Environment", on_delete=models.CASCADE, related_name="+", db_index=False)
    element = models.ForeignKey("ecosystem.Element", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="search_entry_once"),
        ]
        indexes = [GinIndex(fields=["environment", "vector"], name="search_entry_words")]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.environment_id}"
