-- Frames: what a scheme may promise in a year. The ledger (rammepost) is the only way to change a sum: the sums of a frame
-- and of a claim on it follow from it by trigger, and the checks below hold for statements written by hand too.
CREATE TABLE ramme (
    id             uuid PRIMARY KEY,
    ordning        text NOT NULL,
    ar             integer NOT NULL CONSTRAINT ck_ramme_ar CHECK (ar BETWEEN 1900 AND 2200),
    post           text NOT NULL,          -- the appropriation's item, or what part of the scheme the money is for
    kommunenummer  text CONSTRAINT ck_ramme_kommunenummer CHECK (kommunenummer ~ '^[0-9]{4}$'),  -- null: the country's
    tildelt        bigint NOT NULL DEFAULT 0,  -- whole kroner put in, less what was taken out or carried over
    bundet         bigint NOT NULL DEFAULT 0,  -- promised and not yet paid
    utbetalt       bigint NOT NULL DEFAULT 0,  -- paid and not paid back
    laget          timestamptz NOT NULL,
    endret         timestamptz NOT NULL,
    CONSTRAINT ck_ramme_ikke_negativ CHECK (bundet >= 0 AND utbetalt >= 0),
    CONSTRAINT ck_ramme_ikke_over CHECK (bundet + utbetalt <= tildelt),
    CONSTRAINT uq_ramme UNIQUE NULLS NOT DISTINCT (ordning, ar, post, kommunenummer)
) WITH (fillfactor = 50);

-- What one treatment asks of one frame. The queue is the rows that wait, in the order of the index.
CREATE TABLE rammekrav (
    id             uuid PRIMARY KEY,
    ramme_id       uuid NOT NULL CONSTRAINT fk_rammekrav_ramme REFERENCES ramme (id),
    sak_id         uuid NOT NULL CONSTRAINT fk_rammekrav_sak REFERENCES sak (id),
    behandling_id  uuid NOT NULL CONSTRAINT fk_rammekrav_behandling REFERENCES behandling (id),
    belop          bigint NOT NULL CONSTRAINT ck_rammekrav_belop CHECK (belop > 0),
    prioritet      integer NOT NULL DEFAULT 0,  -- lower first
    mottatt        timestamptz NOT NULL,        -- then by when the application came
    status         text NOT NULL DEFAULT 'venter'
                   CONSTRAINT ck_rammekrav_status CHECK (status IN ('venter', 'bundet', 'lukket')),
    bundet         bigint NOT NULL DEFAULT 0,
    utbetalt       bigint NOT NULL DEFAULT 0,
    laget          timestamptz NOT NULL,
    CONSTRAINT ck_rammekrav_sum CHECK (bundet >= 0 AND utbetalt >= 0 AND bundet + utbetalt <= belop),
    CONSTRAINT ck_rammekrav_bundet CHECK ((status = 'bundet') = (bundet > 0)),
    CONSTRAINT uq_rammekrav UNIQUE (behandling_id, ramme_id)
) WITH (fillfactor = 70);
CREATE INDEX ix_rammekrav_ko ON rammekrav (ramme_id, prioritet, mottatt, id) WHERE status = 'venter';
CREATE INDEX ix_rammekrav_sak ON rammekrav (sak_id);

-- Append-only. `belop` is always positive; `slag` says which way.
CREATE TABLE rammepost (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ramme_id       uuid NOT NULL CONSTRAINT fk_rammepost_ramme REFERENCES ramme (id),
    krav_id        uuid CONSTRAINT fk_rammepost_krav REFERENCES rammekrav (id),
    slag           text NOT NULL CONSTRAINT ck_rammepost_slag CHECK (slag IN (
                       'tildelt', 'trukket_inn', 'overfort_inn', 'overfort_ut',
                       'bundet', 'frigitt', 'utbetalt', 'tilbakefort')),
    belop          bigint NOT NULL CONSTRAINT ck_rammepost_belop CHECK (belop > 0),
    motpost        uuid CONSTRAINT fk_rammepost_motpost REFERENCES ramme (id),  -- the frame carried from or to
    grunn          text NOT NULL,          -- a code or an office's reference, never about a person
    aktor          text NOT NULL,
    tid            timestamptz NOT NULL,
    CONSTRAINT ck_rammepost_krav
        CHECK ((krav_id IS NOT NULL) = (slag IN ('bundet', 'frigitt', 'utbetalt', 'tilbakefort'))),
    CONSTRAINT ck_rammepost_motpost CHECK ((motpost IS NOT NULL) = (slag IN ('overfort_inn', 'overfort_ut')))
);
CREATE INDEX ix_rammepost_ramme ON rammepost (ramme_id, id);
CREATE INDEX ix_rammepost_krav ON rammepost (krav_id) WHERE krav_id IS NOT NULL;
CREATE TRIGGER rammepost_rad BEFORE UPDATE OR DELETE ON rammepost FOR EACH ROW EXECUTE FUNCTION nekt_endring_rad();
CREATE TRIGGER rammepost_tom BEFORE TRUNCATE ON rammepost FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_rad();

-- One statement may write many posts: each frame is then updated once.
CREATE FUNCTION bokfor_ramme() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE ramme r SET tildelt = r.tildelt + n.tildelt, bundet = r.bundet + n.bundet,
                       utbetalt = r.utbetalt + n.utbetalt, endret = n.tid
    FROM (SELECT ramme_id, max(tid) AS tid,
                 sum(CASE WHEN slag IN ('tildelt', 'overfort_inn') THEN belop
                          WHEN slag IN ('trukket_inn', 'overfort_ut') THEN -belop ELSE 0 END) AS tildelt,
                 sum(CASE WHEN slag = 'bundet' THEN belop WHEN slag IN ('frigitt', 'utbetalt') THEN -belop ELSE 0 END)
                     AS bundet,
                 sum(CASE slag WHEN 'utbetalt' THEN belop WHEN 'tilbakefort' THEN -belop ELSE 0 END) AS utbetalt
          FROM nye GROUP BY ramme_id) n
    WHERE r.id = n.ramme_id;
    UPDATE rammekrav k SET bundet = k.bundet + n.bundet, utbetalt = k.utbetalt + n.utbetalt,
                           status = CASE WHEN k.bundet + n.bundet > 0 THEN 'bundet' ELSE 'lukket' END
    FROM (SELECT krav_id,
                 sum(CASE WHEN slag = 'bundet' THEN belop WHEN slag IN ('frigitt', 'utbetalt') THEN -belop ELSE 0 END)
                     AS bundet,
                 sum(CASE slag WHEN 'utbetalt' THEN belop WHEN 'tilbakefort' THEN -belop ELSE 0 END) AS utbetalt
          FROM nye WHERE krav_id IS NOT NULL GROUP BY krav_id) n
    WHERE k.id = n.krav_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bokfor_ramme() FROM PUBLIC;
CREATE TRIGGER rammepost_bokfor AFTER INSERT ON rammepost REFERENCING NEW TABLE AS nye
    FOR EACH STATEMENT EXECUTE FUNCTION bokfor_ramme();

ALTER TABLE ramme ENABLE ROW LEVEL SECURITY;
CREATE POLICY ramme_kommune ON ramme USING (
    (SELECT current_setting('boligsak.kommuner', true)) = '*'
    OR kommunenummer = ANY ((SELECT string_to_array(current_setting('boligsak.kommuner', true), ','))::text[])
);
ALTER TABLE rammepost ENABLE ROW LEVEL SECURITY;
CREATE POLICY rammepost_ramme ON rammepost USING (EXISTS (SELECT 1 FROM ramme r WHERE r.id = rammepost.ramme_id));
ALTER TABLE rammekrav ENABLE ROW LEVEL SECURITY;
CREATE POLICY rammekrav_sak ON rammekrav USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = rammekrav.sak_id));

GRANT SELECT ON ramme, rammekrav, rammepost TO boligsak_api, boligsak_arbeider, boligsak_revisor;
GRANT INSERT ON ramme, rammepost TO boligsak_api, boligsak_arbeider;
GRANT UPDATE (endret) ON ramme TO boligsak_api, boligsak_arbeider;  -- the lock; the sums are the trigger's
GRANT INSERT ON rammekrav TO boligsak_arbeider;
GRANT UPDATE (belop, prioritet, status) ON rammekrav TO boligsak_arbeider;
