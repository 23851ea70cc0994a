from django.db import migrations

# FSRS-6 as SQL, the same formulas as memotrainer/fsrs.py: arrays of weights begin at 1, so w0 is w[1]. s of NULL: never
# answered. For updates of many cards at once; a test holds them against NumPy.
MAKE = """
    CREATE FUNCTION memotrainer_recall(s float8, t float8, w float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT power(1 + (power(0.9, -1 / w[21]) - 1) * t / s, -w[21])
    $$;
    CREATE FUNCTION memotrainer_interval(s float8, wanted float8, w float8[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT least(36500, greatest(1,
            round(s / (power(0.9, -1 / w[21]) - 1) * (power(wanted, -1 / w[21]) - 1))))::integer
    $$;
    CREATE FUNCTION memotrainer_stability(s float8, d float8, t float8, g integer, w float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT greatest(0.001, CASE
            WHEN s IS NULL THEN w[g]
            WHEN t < 1 THEN s * CASE WHEN g > 1 THEN greatest(1, x.same_day) ELSE x.same_day END
            WHEN g = 1 THEN least(w[12] * power(d, -w[13]) * (power(s + 1, w[14]) - 1) * exp(w[15] * (1 - x.recall)),
                s / exp(w[18] * w[19]))
            ELSE s * (1 + exp(w[9]) * (11 - d) * power(s, -w[10]) * (exp(w[11] * (1 - x.recall)) - 1)
                * CASE g WHEN 2 THEN w[16] WHEN 4 THEN w[17] ELSE 1 END)
            END)
        FROM (SELECT memotrainer_recall(s, t, w) AS recall, exp(w[18] * (g - 3 + w[19])) * power(s, -w[20]) AS same_day) x
    $$;
    CREATE FUNCTION memotrainer_difficulty(d float8, g integer, w float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT least(10, greatest(1, CASE
            WHEN d IS NULL THEN w[5] - exp(w[6] * (g - 1)) + 1
            ELSE w[8] * (w[5] - exp(w[6] * 3) + 1) + (1 - w[8]) * (d - (10 - d) * w[7] * (g - 3) / 9) END))
    $$
"""
DROP = """
    DROP FUNCTION memotrainer_difficulty(float8, integer, float8[]);
    DROP FUNCTION memotrainer_stability(float8, float8, float8, integer, float8[]);
    DROP FUNCTION memotrainer_interval(float8, float8, float8[]);
    DROP FUNCTION memotrainer_recall(float8, float8, float8[])
"""


class Migration(migrations.Migration):
    dependencies = [("memotrainer", "0004_shift_and_replays")]

    operations = [migrations.RunSQL(MAKE, DROP)]
