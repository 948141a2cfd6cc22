"""A state machine that the store enforces: which state a row may begin in, and which may follow which.

    MACHINE = state_machine("orders", "status", begins=("NEW",), follows={"NEW": ("PAID", "CANCELLED")})
    def upgrade() -> None:   run(*MACHINE.create)
    def downgrade() -> None: run(*MACHINE.drop)

A write that does anything else is a check violation whose constraint is `<table>_<column>_machine`. A state
that stays is no step. The domain says the same in its values, and a test tries every pair.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from db.migrations.messaging import Tables


def state_machine(
    table: str, column: str, *, begins: Collection[str], follows: Mapping[str, Collection[str]]
) -> Tables:
    """States are words of ours, never a client's: they are written into the function as they are."""
    name = f"{table}_{column}_machine"
    steps = ", ".join(f"('{before}', '{after}')" for before, afters in follows.items() for after in afters)
    firsts = ", ".join(f"'{state}'" for state in begins)
    function = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' AND NEW.{column} NOT IN ({firsts}) THEN
                RAISE EXCEPTION 'a row of {table} cannot begin as %', NEW.{column}
                    USING ERRCODE = '23514', CONSTRAINT = '{name}';
            ELSIF TG_OP = 'UPDATE' AND NEW.{column} <> OLD.{column}
                    AND (OLD.{column}, NEW.{column}) NOT IN ({steps}) THEN
                RAISE EXCEPTION 'a row of {table} cannot go from % to %', OLD.{column}, NEW.{column}
                    USING ERRCODE = '23514', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        END;
        $$"""
    trigger = f"""CREATE TRIGGER a_{name} BEFORE INSERT OR UPDATE OF {column} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}()"""
    return Tables((function, trigger), (f"DROP TRIGGER a_{name} ON {table}", f"DROP FUNCTION {name}()"))
