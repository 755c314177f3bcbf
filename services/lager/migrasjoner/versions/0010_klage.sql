-- Appeals and controls: marks that guards look at, deadlines with a reminder, notices, claims taken back.

ALTER TABLE behandling ADD COLUMN merker text[] NOT NULL DEFAULT '{}';
-- A control decides many months in one treatment.
ALTER TABLE vedtak DROP CONSTRAINT uq_vedtak_behandling,
    ADD CONSTRAINT uq_vedtak_behandling UNIQUE (behandling_id, termin);

ALTER TABLE oppfolging ADD COLUMN paminn timestamptz, ADD COLUMN paminnet timestamptz;
CREATE INDEX ix_oppfolging_paminn ON oppfolging (paminn) WHERE lukket IS NULL AND paminnet IS NULL AND paminn IS NOT NULL;

-- What a household was told that it may have to pay back, and what came of the notice.
CREATE TABLE varsel (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_varsel_sak REFERENCES sak (id),
    behandling_id  uuid NOT NULL CONSTRAINT fk_varsel_behandling REFERENCES behandling (id),
    kommunenummer  text NOT NULL,
    belop          bigint NOT NULL CONSTRAINT ck_varsel_belop CHECK (belop > 0),  -- whole kroner
    laget          timestamptz NOT NULL,
    levert         timestamptz,
    frist          timestamptz,            -- the last moment to answer
    besvart        timestamptz,
    CONSTRAINT ck_varsel_frist CHECK ((levert IS NULL) = (frist IS NULL))
);
CREATE INDEX ix_varsel_behandling ON varsel (behandling_id, laget DESC);
CREATE INDEX ix_varsel_sak ON varsel (sak_id);

-- A claim: decisions that took back more than was to be paid. `rest` moves by tilbakekravpost alone.
CREATE TABLE tilbakekrav (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_tilbakekrav_sak REFERENCES sak (id),
    behandling_id  uuid NOT NULL CONSTRAINT fk_tilbakekrav_behandling REFERENCES behandling (id)
                   CONSTRAINT uq_tilbakekrav_behandling UNIQUE,
    kommunenummer  text NOT NULL,
    belop          bigint NOT NULL CONSTRAINT ck_tilbakekrav_belop CHECK (belop > 0),
    rest           bigint NOT NULL,
    status         text NOT NULL DEFAULT 'apent'
                   CONSTRAINT ck_tilbakekrav_status CHECK (status IN ('apent', 'oversendt', 'hos_innkreving', 'oppgjort')),
    foreldes       date NOT NULL,
    laget          timestamptz NOT NULL,
    CONSTRAINT ck_tilbakekrav_rest CHECK (rest BETWEEN 0 AND belop),
    CONSTRAINT ck_tilbakekrav_oppgjort CHECK ((status = 'oppgjort') = (rest = 0))
);
CREATE INDEX ix_tilbakekrav_sak ON tilbakekrav (sak_id);
CREATE INDEX ix_tilbakekrav_apent ON tilbakekrav (foreldes) WHERE rest > 0;

CREATE TABLE tilbakekravpost (
    id              uuid PRIMARY KEY,
    tilbakekrav_id  uuid NOT NULL CONSTRAINT fk_tilbakekravpost_krav REFERENCES tilbakekrav (id),
    sak_id          uuid NOT NULL CONSTRAINT fk_tilbakekravpost_sak REFERENCES sak (id),
    slag            text NOT NULL CONSTRAINT ck_tilbakekravpost_slag
                    CHECK (slag IN ('innbetaling', 'motregning', 'nedsettelse', 'ettergivelse', 'foreldelse')),
    belop           bigint NOT NULL CONSTRAINT ck_tilbakekravpost_belop CHECK (belop > 0),
    tid             timestamptz NOT NULL,
    aktor           text NOT NULL
);
CREATE INDEX ix_tilbakekravpost_krav ON tilbakekravpost (tilbakekrav_id);
CREATE TRIGGER tilbakekravpost_rad BEFORE UPDATE OR DELETE ON tilbakekravpost
    FOR EACH ROW EXECUTE FUNCTION nekt_endring_rad();
CREATE TRIGGER tilbakekravpost_tom BEFORE TRUNCATE ON tilbakekravpost
    FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_rad();

-- Rows of a claim stand apart from what is netted in a payment file.
ALTER TABLE utbetaling ADD COLUMN tilbakekrav_id uuid CONSTRAINT fk_utbetaling_tilbakekrav REFERENCES tilbakekrav (id),
    DROP CONSTRAINT ck_utbetaling_status,
    ADD CONSTRAINT ck_utbetaling_status
        CHECK (status IN ('holdt', 'planlagt', 'i_fil', 'sendt', 'utfort', 'avvist', 'krav')),
    ADD CONSTRAINT ck_utbetaling_krav CHECK ((status = 'krav') = (tilbakekrav_id IS NOT NULL));

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['varsel', 'tilbakekrav', 'tilbakekravpost'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON %I USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = %I.sak_id))',
                       t || '_sak', t, t);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON varsel, tilbakekrav, tilbakekravpost TO boligsak_api, boligsak_arbeider;
GRANT UPDATE (levert, frist, besvart) ON varsel TO boligsak_api, boligsak_arbeider;
GRANT UPDATE (rest, status) ON tilbakekrav TO boligsak_api, boligsak_arbeider;
