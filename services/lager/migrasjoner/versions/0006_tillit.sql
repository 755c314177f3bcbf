-- Trust: used one-time tokens, the log of reads, retention and erasure, and the holes in row security closed.

CREATE FUNCTION nekt_endring_rad() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% kan ikke endres eller slettes', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- One-time tokens that have been used; `nokkel` is a hash. Inserting a row is using the token.
CREATE TABLE brukt_token (
    nokkel   bytea PRIMARY KEY,
    utloper  timestamptz NOT NULL
);
CREATE INDEX ix_brukt_token_utloper ON brukt_token (utloper);
GRANT INSERT ON brukt_token TO boligsak_api;
GRANT SELECT, DELETE ON brukt_token TO boligsak_arbeider;

-- Every read of a person's case: who, what, why. No personal data: the case is an id, a filter holds codes.
CREATE TABLE lesing (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tid         timestamptz NOT NULL DEFAULT clock_timestamp(),
    aktor       text NOT NULL,
    virksomhet  text NOT NULL,
    hva         text NOT NULL,
    formal      text NOT NULL,
    hjemmel     text NOT NULL,
    sak_id      uuid,                      -- null: a list
    antall      integer NOT NULL,
    filter      jsonb,
    spor        text
);
CREATE INDEX ix_lesing_sak ON lesing (sak_id, tid) WHERE sak_id IS NOT NULL;
CREATE TRIGGER lesing_rad BEFORE UPDATE OR DELETE ON lesing FOR EACH ROW EXECUTE FUNCTION nekt_endring_rad();
CREATE TRIGGER lesing_tom BEFORE TRUNCATE ON lesing FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_rad();
ALTER TABLE lesing ENABLE ROW LEVEL SECURITY;
CREATE POLICY lesing_sak ON lesing FOR SELECT USING (
    CASE WHEN sak_id IS NULL THEN (SELECT current_setting('boligsak.kommuner', true)) = '*'
         ELSE EXISTS (SELECT 1 FROM sak s WHERE s.id = lesing.sak_id) END
);
-- A row is written in the reader's own name, about a case that the reader sees.
CREATE POLICY lesing_egen ON lesing FOR INSERT WITH CHECK (
    aktor = (SELECT current_setting('boligsak.aktor', true))
    AND (sak_id IS NULL OR EXISTS (SELECT 1 FROM sak s WHERE s.id = lesing.sak_id))
);
GRANT INSERT, SELECT ON lesing TO boligsak_api;
GRANT SELECT ON lesing TO boligsak_revisor;

-- A decision is replaced by another one, never changed.
CREATE TRIGGER vedtak_rad BEFORE UPDATE OR DELETE ON vedtak FOR EACH ROW EXECUTE FUNCTION nekt_endring_rad();
CREATE TRIGGER vedtak_tom BEFORE TRUNCATE ON vedtak FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_rad();

-- Retention. An erased case keeps its chain and its codes; what was said about people is unreadable, for the key is
-- destroyed. A hold stops erasure; its reason stands sealed in the event with the number `seq`.
ALTER TABLE sak ADD COLUMN slettet timestamptz,
    ADD CONSTRAINT ck_sak_slettet CHECK (slettet IS NULL OR status = 'avsluttet');
CREATE TABLE bevaringshold (
    id           uuid PRIMARY KEY,
    sak_id       uuid NOT NULL CONSTRAINT fk_bevaringshold_sak REFERENCES sak (id),
    seq          integer NOT NULL,
    satt         timestamptz NOT NULL,
    satt_av      text NOT NULL,
    opphevet     timestamptz,
    opphevet_av  text,
    CONSTRAINT ck_bevaringshold_opphevet CHECK ((opphevet IS NULL) = (opphevet_av IS NULL))
);
CREATE UNIQUE INDEX uq_bevaringshold_sak ON bevaringshold (sak_id) WHERE opphevet IS NULL;
ALTER TABLE bevaringshold ENABLE ROW LEVEL SECURITY;
CREATE POLICY bevaringshold_sak ON bevaringshold USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = bevaringshold.sak_id));

-- Only this role may erase, and it can do little else.
GRANT USAGE ON SCHEMA public TO boligsak_bevaring;
GRANT SELECT ON sak, sak_person, behandling, person, hendelse, lopende, bevaringshold TO boligsak_bevaring;
GRANT SELECT (id, sak_id, utfall, termin, fattet) ON vedtak TO boligsak_bevaring;
GRANT SELECT (id, sak_id, termin, forfall, status) ON utbetaling TO boligsak_bevaring;
GRANT SELECT (id, status, mottatt, sak_id, nokkel) ON innboks TO boligsak_bevaring;
GRANT SELECT (id, sak_id, status) ON utboks TO boligsak_bevaring;
GRANT SELECT (id, sak_id, lukket) ON oppfolging TO boligsak_bevaring;
GRANT UPDATE (oppslag, fnr, nokkel, nokkel_kek) ON person TO boligsak_bevaring;
GRANT UPDATE (status, versjon, siste_seq, siste_hash, endret, slettet) ON sak TO boligsak_bevaring;
GRANT UPDATE (kropp, nokkel, nokkel_kek) ON innboks TO boligsak_bevaring;
GRANT UPDATE (status) ON utboks TO boligsak_bevaring;
GRANT INSERT ON hendelse, bevaringshold TO boligsak_bevaring;
GRANT UPDATE (opphevet, opphevet_av) ON bevaringshold TO boligsak_bevaring;
CREATE POLICY utboks_bevaring ON utboks TO boligsak_bevaring USING (true);

-- Look-up and erasure must not pass each other: the row is held until the new case stands, and a person erased
-- meanwhile (whose look-up hash is gone) is made anew.
CREATE OR REPLACE FUNCTION finn_eller_lag_person(p_id uuid, p_oppslag bytea, p_fnr bytea, p_nokkel bytea, p_kek text)
RETURNS TABLE (id uuid, nokkel bytea, nokkel_kek text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    LOOP
        RETURN QUERY INSERT INTO person AS p (id, oppslag, fnr, nokkel, nokkel_kek)
            VALUES (p_id, p_oppslag, p_fnr, p_nokkel, p_kek) ON CONFLICT (oppslag) DO NOTHING
            RETURNING p.id, p.nokkel, p.nokkel_kek;
        IF FOUND THEN RETURN; END IF;
        RETURN QUERY SELECT p.id, p.nokkel, p.nokkel_kek FROM person p WHERE p.oppslag = p_oppslag FOR KEY SHARE;
        IF FOUND THEN RETURN; END IF;
    END LOOP;
END $$;

-- A sender's event ids are its own in each municipality: that another municipality has seen one cannot be told. The
-- door no longer needs to look across them, and a refused event, which belongs to none, may still be put away.
DROP INDEX uq_innboks_godtatt;
CREATE UNIQUE INDEX uq_innboks_godtatt ON innboks (kilde, ekstern_id, kommunenummer) WHERE status = 'godtatt';
DROP POLICY innboks_kommune ON innboks;
CREATE POLICY innboks_kommune ON innboks USING (
    ((SELECT current_setting('boligsak.kommuner', true)) = '*'
     OR kommunenummer = ANY ((SELECT string_to_array(current_setting('boligsak.kommuner', true), ','))::text[]))
    AND (sak_id IS NULL OR EXISTS (SELECT 1 FROM sak s WHERE s.id = innboks.sak_id))
);
CREATE POLICY innboks_avvist ON innboks FOR INSERT TO boligsak_api WITH CHECK (status = 'avvist' AND kommunenummer IS NULL);

-- A run concerns the whole country: its figures are for those who see the whole country.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['kjoring', 'kjoring_bit', 'kjoring_omfang', 'kjoring_hendelse', 'utbetalingsfil',
                             'banksvar'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT current_setting(''boligsak.kommuner'', true)) = ''*'')',
                       t || '_landet', t);
    END LOOP;
END $$;

-- A policy on a partitioned table does not guard its partitions: nobody reaches them but through it.
DO $$
DECLARE p regclass;
BEGIN
    FOR p IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'hendelse'::regclass LOOP
        EXECUTE format('REVOKE ALL ON %s FROM boligsak_api, boligsak_arbeider, boligsak_kjoring', p);
    END LOOP;
END $$;

-- What no query of theirs uses.
REVOKE SELECT ON alembic_version, banksvar, utbetalingsfil, utbetalingslinje FROM boligsak_api;
REVOKE SELECT ON alembic_version, innboks FROM boligsak_arbeider;
REVOKE SELECT ON alembic_version, innboks, idempotens, kontroll, utboks FROM boligsak_kjoring;
REVOKE INSERT ON kontroll, utboks FROM boligsak_kjoring;
REVOKE UPDATE ON kontroll, utboks FROM boligsak_kjoring;
