-- Claims paid in instalments, set off in part, and reduced by a later decision.

ALTER TABLE tilbakekravpost DROP CONSTRAINT ck_tilbakekravpost_slag,
    ADD CONSTRAINT ck_tilbakekravpost_slag CHECK (slag IN
        ('innbetaling', 'motregning', 'nedsettelse', 'ettergivelse', 'foreldelse', 'omgjoring'));

-- What a decision gives, once a month; beside it the rows that move a claim of that month.
ALTER TABLE utbetaling DROP CONSTRAINT uq_utbetaling_vedtak;
CREATE UNIQUE INDEX uq_utbetaling_vedtak ON utbetaling (vedtak_id, termin) WHERE tilbakekrav_id IS NULL;
CREATE INDEX ix_utbetaling_tilbakekrav ON utbetaling (tilbakekrav_id) WHERE tilbakekrav_id IS NOT NULL;

-- An agreement to pay a claim in parts. A new one takes the place of the one that runs.
CREATE TABLE avdragsordning (
    id             uuid PRIMARY KEY,
    tilbakekrav_id uuid NOT NULL CONSTRAINT fk_avdragsordning_krav REFERENCES tilbakekrav (id),
    sak_id         uuid NOT NULL CONSTRAINT fk_avdragsordning_sak REFERENCES sak (id),
    kommunenummer  text NOT NULL,
    status         text NOT NULL DEFAULT 'lopende'
                   CONSTRAINT ck_avdragsordning_status CHECK (status IN ('lopende', 'endret', 'brutt', 'fullfort')),
    purret         timestamptz,            -- the first reminder of what is missing now
    laget          timestamptz NOT NULL,
    aktor          text NOT NULL
);
CREATE UNIQUE INDEX uq_avdragsordning_lopende ON avdragsordning (tilbakekrav_id) WHERE status = 'lopende';
CREATE INDEX ix_avdragsordning_sak ON avdragsordning (sak_id);

CREATE TABLE avdrag (
    avdragsordning_id uuid NOT NULL CONSTRAINT fk_avdrag_ordning REFERENCES avdragsordning (id),
    nr                integer NOT NULL CONSTRAINT ck_avdrag_nr CHECK (nr > 0),
    sak_id            uuid NOT NULL CONSTRAINT fk_avdrag_sak REFERENCES sak (id),
    forfall           date NOT NULL,
    belop             bigint NOT NULL CONSTRAINT ck_avdrag_belop CHECK (belop > 0),  -- whole kroner
    CONSTRAINT pk_avdrag PRIMARY KEY (avdragsordning_id, nr)
);
CREATE INDEX ix_avdrag_sak ON avdrag (sak_id);
CREATE TRIGGER avdrag_rad BEFORE UPDATE OR DELETE ON avdrag FOR EACH ROW EXECUTE FUNCTION nekt_endring_rad();
CREATE TRIGGER avdrag_tom BEFORE TRUNCATE ON avdrag FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_rad();

-- The agreement that ran when the entry was made: payments cover its instalments from the front.
ALTER TABLE tilbakekravpost ADD COLUMN avdragsordning_id uuid
    CONSTRAINT fk_tilbakekravpost_ordning REFERENCES avdragsordning (id);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['avdragsordning', 'avdrag'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON %I USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = %I.sak_id))',
                       t || '_sak', t, t);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON avdragsordning, avdrag TO boligsak_api, boligsak_arbeider;
GRANT UPDATE (status, purret) ON avdragsordning TO boligsak_api, boligsak_arbeider;
GRANT UPDATE (foreldes) ON tilbakekrav TO boligsak_api, boligsak_arbeider;
