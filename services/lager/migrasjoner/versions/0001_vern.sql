-- Who may see and change what. Owner: boligsak_eier. The other roles own nothing.

CREATE FUNCTION nekt_endring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'hendelse kan ikke endres eller slettes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER hendelse_rad BEFORE UPDATE OR DELETE ON hendelse FOR EACH ROW EXECUTE FUNCTION nekt_endring();
CREATE TRIGGER hendelse_tom BEFORE TRUNCATE ON hendelse FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring();
CREATE TRIGGER hendelse_rest_tom BEFORE TRUNCATE ON hendelse_rest FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring();

-- Month partitions of the audit log, made ahead of time. Rows that come before one exists stand in hendelse_rest.
CREATE FUNCTION lag_hendelse_partisjon(maned date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    fra date := date_trunc('month', maned);
    navn text := 'hendelse_' || to_char(fra, 'YYYY_MM');
BEGIN
    IF to_regclass(navn) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF hendelse FOR VALUES FROM (%L) TO (%L)',
                   navn, fra::timestamp AT TIME ZONE 'UTC', (fra + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring()',
                   navn || '_tom', navn);
END $$;
SELECT lag_hendelse_partisjon((now() + make_interval(months => m))::date) FROM generate_series(0, 2) AS m;

-- The one way to a person by identity number: a look-up by keyed hash, whatever municipality asks. Two statements,
-- so that the second sees a row that another transaction committed while the first waited for it.
CREATE FUNCTION finn_eller_lag_person(p_id uuid, p_oppslag bytea, p_fnr bytea, p_nokkel bytea, p_kek text)
RETURNS TABLE (id uuid, nokkel bytea, nokkel_kek text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO person AS p (id, oppslag, fnr, nokkel, nokkel_kek)
    VALUES (p_id, p_oppslag, p_fnr, p_nokkel, p_kek) ON CONFLICT (oppslag) DO NOTHING;
    RETURN QUERY SELECT p.id, p.nokkel, p.nokkel_kek FROM person p WHERE p.oppslag = p_oppslag;
END $$;

-- Row-level security. The session says who asks (services/lager/sesjon.py); a case is seen by its municipality,
-- and when a party has a protected address only by those cleared; everything else is seen with its case.
ALTER TABLE sak ENABLE ROW LEVEL SECURITY;
CREATE POLICY sak_kommune ON sak USING (
    ((SELECT current_setting('boligsak.kommuner', true)) = '*'
     OR kommunenummer = ANY ((SELECT string_to_array(current_setting('boligsak.kommuner', true), ','))::text[]))
    AND (NOT gradert OR (SELECT current_setting('boligsak.klarert', true)) = 'ja')
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['sak_person', 'behandling', 'hendelse', 'opplysning', 'kontroll', 'vedtak',
                             'utbetaling', 'oppfolging', 'utgaende'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON %I USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = %I.sak_id))',
                       t || '_sak', t, t);
    END LOOP;
END $$;

-- Work rows hold ids alone: the API sees those of its cases, the workers all.
ALTER TABLE utboks ENABLE ROW LEVEL SECURITY;
CREATE POLICY utboks_sak ON utboks TO boligsak_api USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = utboks.sak_id));
CREATE POLICY utboks_alle ON utboks TO boligsak_arbeider, boligsak_kjoring USING (true);

ALTER TABLE innboks ENABLE ROW LEVEL SECURITY;
CREATE POLICY innboks_kommune ON innboks USING (
    (SELECT current_setting('boligsak.kommuner', true)) = '*'
    OR kommunenummer = ANY ((SELECT string_to_array(current_setting('boligsak.kommuner', true), ','))::text[])
);
ALTER TABLE idempotens ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotens_aktor ON idempotens USING (
    (SELECT current_setting('boligsak.kommuner', true)) = '*' OR aktor = (SELECT current_setting('boligsak.aktor', true))
);

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_part ON person USING (
    EXISTS (SELECT 1 FROM sak_person sp WHERE sp.person_id = person.id)
);

GRANT USAGE ON SCHEMA public TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
GRANT INSERT ON sak, sak_person, behandling, hendelse, opplysning, innboks, utboks, oppfolging, utgaende, idempotens,
    vedtak, utbetaling TO boligsak_api;
GRANT UPDATE ON sak, behandling, oppfolging, utboks TO boligsak_api;
GRANT UPDATE (status, forsok, kjor_etter) ON kontroll TO boligsak_api;  -- the restart of failed work
GRANT INSERT ON behandling, hendelse, opplysning, kontroll, vedtak, utbetaling, utboks, oppfolging, utgaende
    TO boligsak_arbeider;
GRANT UPDATE ON sak, behandling, kontroll, utboks, oppfolging TO boligsak_arbeider;
GRANT DELETE ON utboks, idempotens TO boligsak_arbeider;
GRANT INSERT ON behandling, hendelse, opplysning, kontroll, vedtak, utbetaling, utboks, oppfolging, utgaende
    TO boligsak_kjoring;
GRANT UPDATE ON sak, behandling, kontroll, utboks, oppfolging, utbetaling TO boligsak_kjoring;
REVOKE ALL ON FUNCTION finn_eller_lag_person(uuid, bytea, bytea, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finn_eller_lag_person(uuid, bytea, bytea, bytea, text) TO boligsak_api;
REVOKE ALL ON FUNCTION lag_hendelse_partisjon(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lag_hendelse_partisjon(date) TO boligsak_arbeider, boligsak_kjoring;
