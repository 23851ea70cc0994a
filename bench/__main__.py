"""``./grove bench NAME``."""

import importlib
import sys

NAMES = {
    "growth": "lists of people and results at 100, 5 000 and 50 000 rows",
    "memotrainer": "the memory step, the database, fitting and answers over HTTP, beside the fsrs package and plain SQL",
    "preparing": "recall on the day of a test with so many minutes a day, asked in three ways, with memories of three shapes",
    "pages": "pages over HTTP: sign-in, home, catalogue, course, quiz answer, with 8 clients",
    "quiz": "quizzes: 200 learners at once, autosaves a second, a whole attempt, a large draw, item analysis",
    "retention": "what is foretold about who remembers, on real review logs; --log FILE for your own",
    "reviewing": "the review queue of 50 000 hand-ins, with 8 clients",
    "screens": "each page that links lead to, in the medium demo, with 8 clients; the slowest first",
    "seats": "events: 1 000 races of 200 people for 20 places, with a control that oversells, and booking with 50 clients",
    "simulation": "simulated years beside a ladder of right answers in a row, with memories of three shapes",
    "course": "the page of a course of 200 activities, with 8 clients",
    "unlocking": "what conditions cost: a fact in a course of 500 activities, and 100 000 that open in one minute",
    "rls": "what row-level security costs, on 5 million rows",
}


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in NAMES:
        print("Benches:\n" + "\n".join(f"  {key:<13}{words}" for key, words in NAMES.items()))
        return 2
    run: int = importlib.import_module(f"bench.{name}").run(sys.argv[2:])
    return run


if __name__ == "__main__":
    sys.exit(main())
