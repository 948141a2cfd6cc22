"""Places on the globe, in the store: what is near one, what lies within a box, and how far it is.

    PLACES = places("event_places")      a table with `latitude` and `longitude`
    def upgrade() -> None:   run(*PLACES.create)
    def downgrade() -> None: run(*PLACES.drop)

    is_near(latitude, longitude, of_latitude, of_longitude, metres)   → boolean, by an index
    apart(latitude, longitude, of_latitude, of_longitude)             → what lists are ordered by, by an index
    is_within(latitude, longitude, edges, low, high)                  → boolean, by an index (db/places.py)

Each is one expression that the planner puts in its caller's place, so that an index serves it. Two adapters
are behind the first two: `cube` of contrib (points of the unit sphere; `apart` is the chord between two) and
PostGIS (`apart` is metres). `choose_places()` takes PostGIS where it is installed, and says which it took;
the migration calls it, and the tables' owner may call it again when PostGIS comes later. Both measure on the
same sphere, the one that PostGIS measures on; a box is asked of the cube in either. Earthdistance would be
the same cube with another radius, by functions that find nothing without a search path.
"""

from __future__ import annotations

from db.migrations.messaging import Tables
from db.migrations.searching import extension_schema
from db.places import RADIUS_METRES

OUT = "cos(radians($1))"
POINT = (f"{OUT} * cos(radians($2))", f"{OUT} * sin(radians($2))", "sin(radians($1))")
NEAR = "is_near(double precision, double precision, double precision, double precision, double precision)"
APART = "apart(double precision, double precision, double precision, double precision)"
REACH = f"(2 * sin(least(abs($5) / {RADIUS_METRES}, pi()) / 2) + 1e-12)"
"""The chord that spans so many metres, and some micrometres for what rounding takes."""


def places(table: str) -> Tables:
    """The table may not have row-level security: what is asked of places is not known to be leakproof, so
    that PostgreSQL would look at the policies of every row first, and at no index.
    """
    cube = extension_schema("cube")
    x, y, z = POINT
    return Tables(
        create=(
            f"""CREATE FUNCTION on_sphere(double precision, double precision) RETURNS {cube}.cube
                LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
                'SELECT {cube}.cube({cube}.cube({cube}.cube({x}), {y}), {z})'""",
            f"""CREATE FUNCTION is_within(double precision, double precision,
                    edges double precision[], low double precision[], high double precision[])
                RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS '
                SELECT on_sphere($1, $2) OPERATOR({cube}.<@) {cube}.cube($4, $5)
                    AND $1 BETWEEN $3[1] AND $3[3] AND (abs($1) = 90 OR $2 BETWEEN $3[2] AND $3[4]
                        OR $2 + 360 BETWEEN $3[2] AND $3[4] OR $2 - 360 BETWEEN $3[2] AND $3[4])'""",
            f"""CREATE INDEX {table}_sphere_idx ON {table}
                USING gist (on_sphere(latitude, longitude))""",
            _choose(table, cube),
            "SELECT choose_places()",
        ),
        drop=(
            f"DROP INDEX IF EXISTS {table}_globe_idx",
            f"DROP INDEX {table}_sphere_idx",
            *(f"DROP FUNCTION {each}" for each in (NEAR, APART, "choose_places()")),
            """DROP FUNCTION is_within(double precision, double precision,
                double precision[], double precision[], double precision[])""",
            "DROP FUNCTION IF EXISTS on_globe(double precision, double precision)",
            "DROP FUNCTION on_sphere(double precision, double precision)",
        ),
    )


def _choose(table: str, cube: str) -> str:
    """`%1$s` is the schema that PostGIS is in."""
    near, apart = _cube(cube)
    globe_near, globe_apart = _postgis()
    globe = """CREATE OR REPLACE FUNCTION on_globe(double precision, double precision)
        RETURNS %1$s.geography LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
        'SELECT %1$s.st_setsrid(%1$s.st_makepoint($2, $1), 4326)::%1$s.geography'"""
    index = f"""CREATE INDEX IF NOT EXISTS {table}_globe_idx ON {table}
        USING gist (on_globe(latitude, longitude))"""
    with_globe = "\n".join(
        f"EXECUTE format($sql${each}$sql$, schema);" for each in (globe, index, globe_near, globe_apart)
    )
    with_cube = "\n".join(f"EXECUTE $sql${each}$sql$;" for each in (near, apart))
    return f"""
        CREATE FUNCTION choose_places() RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        DECLARE schema text := (SELECT quote_ident(nspname) FROM pg_extension
            JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'postgis');
        BEGIN
            IF schema IS NOT NULL THEN
                {with_globe}
                RETURN 'postgis';
            END IF;
            {with_cube}
            RETURN 'cube';
        END;
        $$"""  # noqa: S608


def _cube(cube: str) -> tuple[str, str]:
    reach = f"{cube}.cube_enlarge(on_sphere($3, $4), {REACH}, 3)"
    chord = f"on_sphere($1, $2) OPERATOR({cube}.<->) on_sphere($3, $4)"
    return (
        _function(NEAR, "boolean", f"on_sphere($1, $2) OPERATOR({cube}.<@) {reach} AND {chord} <= {REACH}"),
        _function(APART, "double precision", chord),
    )


def _postgis() -> tuple[str, str]:
    """A micrometre for what rounding takes; half the way around is everywhere."""
    within = "%1$s.st_dwithin(on_globe($1, $2), on_globe($3, $4), abs($5) + 1e-6, false)"
    apart = "on_globe($1, $2) OPERATOR(%1$s.<->) on_globe($3, $4)"
    return (
        _function(NEAR, "boolean", within),
        _function(APART, "double precision", apart),
    )


def _function(called: str, kind: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {called} RETURNS {kind}
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT {body}'"""
