-- Quality control: a seeded draw of decided cases, its work list and what was found.
CREATE TABLE stikkprove (
    id            uuid PRIMARY KEY,
    ordning       text NOT NULL,
    fra           text NOT NULL CONSTRAINT ck_stikkprove_fra CHECK (fra ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    til           text NOT NULL CONSTRAINT ck_stikkprove_til CHECK (til >= fra),
    fro           bigint NOT NULL,
    populasjon    integer NOT NULL,        -- decisions it was drawn from
    laget         timestamptz NOT NULL,    -- decisions made by then
    laget_av      text NOT NULL
);
CREATE TABLE stikkprove_vedtak (
    stikkprove_id uuid NOT NULL CONSTRAINT fk_stikkprove_vedtak_prove REFERENCES stikkprove (id),
    vedtak_id     uuid NOT NULL CONSTRAINT fk_stikkprove_vedtak_vedtak REFERENCES vedtak (id),
    sak_id        uuid NOT NULL CONSTRAINT fk_stikkprove_vedtak_sak REFERENCES sak (id),
    kommunenummer text NOT NULL,
    nr            integer NOT NULL,
    funn          text CONSTRAINT ck_stikkprove_vedtak_funn CHECK (funn IN
                  ('riktig', 'mangelfull_dokumentasjon', 'feil_uten_betydning', 'feil_til_gunst', 'feil_til_ugunst')),
    av            text,
    tid           timestamptz,
    CONSTRAINT pk_stikkprove_vedtak PRIMARY KEY (stikkprove_id, vedtak_id),
    CONSTRAINT ck_stikkprove_vedtak_sett CHECK ((funn IS NULL) = (tid IS NULL) AND (funn IS NULL) = (av IS NULL))
);
CREATE INDEX ix_stikkprove_vedtak_sak ON stikkprove_vedtak (sak_id);
ALTER TABLE stikkprove_vedtak ENABLE ROW LEVEL SECURITY;
CREATE POLICY stikkprove_vedtak_sak ON stikkprove_vedtak
    USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = stikkprove_vedtak.sak_id));
-- A draw is of the whole country: it is for those who see it.
ALTER TABLE stikkprove ENABLE ROW LEVEL SECURITY;
CREATE POLICY stikkprove_landet ON stikkprove USING ((SELECT current_setting('boligsak.kommuner', true)) = '*');
GRANT SELECT, INSERT ON stikkprove, stikkprove_vedtak TO boligsak_api;
GRANT UPDATE (funn, av, tid) ON stikkprove_vedtak TO boligsak_api;
