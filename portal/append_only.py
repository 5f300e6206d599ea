"""Tables that are written once: triggers refuse to change, remove or empty what stands in them, whoever asks.

They are made here and not by django-pgtrigger, whose triggers anyone can turn off for a session by a setting
(``pgtrigger.ignore``). They fire always, also under ``session_replication_role = replica``. What the owner of the table
can still do, turning a trigger off, is what the seals tell of (docs/adr/0014).
"""

from django.db.migrations.operations import RunSQL

# Table → the app whose migration guards it.
TABLES = {
    "portal_auditevent": "portal",
    "portal_auditseal": "portal",
    "portal_statechange": "portal",
    "cases_lookedat": "cases",
    "referrals_snapshot": "referrals",
    "referrals_rendereddocument": "referrals",
    "guideline_editionversion": "guideline",
}
REFUSE = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Cannot % rows of %: the table is append-only', lower(TG_OP), TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
FORGET = "DROP FUNCTION portal_refuse_change();"


def guards() -> RunSQL:
    """The operation that makes what the triggers call; in portal's migration, before any table is guarded."""
    return RunSQL(REFUSE, FORGET)


def guard(table: str) -> RunSQL:
    """The operation that guards a table. By statement, so that it refuses also where no row would be hit."""
    return RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER no_truncate;
        """,
        f"DROP TRIGGER append_only ON {table}; DROP TRIGGER no_truncate ON {table};",
    )


OWN_TRANSACTION = """
CREATE FUNCTION portal_refuse_forged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Cannot insert into % in the name of another transaction', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER own_transaction BEFORE INSERT ON portal_auditevent
    FOR EACH ROW WHEN (NEW.xid <> pg_current_xact_id()) EXECUTE FUNCTION portal_refuse_forged();
"""
ANY_TRANSACTION = "DROP TRIGGER own_transaction ON portal_auditevent; DROP FUNCTION portal_refuse_forged();"


def own_transaction() -> RunSQL:
    """The operation that lets nobody write an event into a time that is sealed."""
    return RunSQL(OWN_TRANSACTION, ANY_TRANSACTION)


HOLD = """
CREATE FUNCTION portal_hold_events() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    LOCK TABLE public.portal_auditevent IN SHARE MODE;
END $$;
REVOKE EXECUTE ON FUNCTION portal_hold_events() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION portal_hold_events() TO portal_job;
"""
LET_GO = "DROP FUNCTION portal_hold_events();"


def hold_events() -> RunSQL:
    """The operation that makes ``portal_hold_events()``: waits for every writer of events, and lets no new one write
    before the transaction ends. A new epoch needs it; the right to lock is the owner's alone."""
    return RunSQL(HOLD, LET_GO)
