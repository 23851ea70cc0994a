"""Records and other facts that move a learner on in their courses; at once, because they wait for the next activity."""

from courses.services import progress_apply
from courses.services.reconsidering import facts_arrived
from ecosystem.predicates import fact_listeners
from records.dispatch import on
from records.models import Statement


@on("launched", "attempted", "completed", "passed", "failed", sync=True)
def move_on(statement: Statement) -> None:
    progress_apply(statement=statement)


fact_listeners.register("courses", facts_arrived)
