-- Running cases, and the monthly run with its chunks, one row a case, its ledger and its own log.

-- Where a case stands from month to month. Narrow, and with room on the page: every run updates every row.
CREATE TABLE lopende (
    sak_id         uuid PRIMARY KEY CONSTRAINT fk_lopende_sak REFERENCES sak (id),
    ordning        text NOT NULL,
    kommunenummer  text NOT NULL,
    status         text NOT NULL CONSTRAINT ck_lopende_status CHECK (status IN ('lopende', 'stanset')),
    stanset_grunn  text,
    siste_termin   text NOT NULL,
    siste_kode     text NOT NULL,
    siste_utfall   text NOT NULL,
    siste_belop    bigint NOT NULL,        -- whole kroner a month
    siste_vedtak   uuid NOT NULL,
    avslag_pa_rad  integer NOT NULL,
    endret         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_lopende_grunn CHECK ((status = 'stanset') = (stanset_grunn IS NOT NULL))
) WITH (fillfactor = 50);

-- The standing application, from the termin on that it counts for; a reported change is one more row. Sealed.
CREATE TABLE lopende_soknad (
    sak_id         uuid NOT NULL CONSTRAINT fk_lopende_soknad_sak REFERENCES sak (id),
    gjelder_fra    text NOT NULL CONSTRAINT ck_lopende_soknad_fra CHECK (gjelder_fra ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    soknad         bytea NOT NULL,
    laget          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_lopende_soknad PRIMARY KEY (sak_id, gjelder_fra)
);

CREATE TABLE kjoring (
    id             uuid PRIMARY KEY,
    ordning        text NOT NULL,
    termin         text NOT NULL CONSTRAINT ck_kjoring_termin CHECK (termin ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    slag           text NOT NULL
                   CONSTRAINT ck_kjoring_slag CHECK (slag IN ('ordinar', 'ny_beregning', 'regelendring', 'skygge')),
    prove          boolean NOT NULL,       -- nothing is decided or paid
    kommuner       text[],                 -- null: the whole country
    status         text NOT NULL DEFAULT 'bestilt'
                   CONSTRAINT ck_kjoring_status CHECK (status IN ('bestilt', 'kjorer', 'holdt', 'ferdig', 'avvik')),
    fase           text NOT NULL DEFAULT 'manifest'
                   CONSTRAINT ck_kjoring_fase CHECK (fase IN ('manifest', 'samle', 'behandle', 'avstem', 'ferdig')),
    tid            timestamptz NOT NULL,   -- the moment the run is dated at: validity of answers, time of decisions
    samlet         timestamptz,            -- answers known by then count
    manifest       jsonb,
    manifest_hash  bytea,
    resultat_hash  bytea,
    rapport        jsonb,
    startet_av     text NOT NULL,
    frigitt_av     text,
    frigitt        timestamptz,
    laget          timestamptz NOT NULL DEFAULT now(),
    ferdig         timestamptz,
    CONSTRAINT ck_kjoring_skygge CHECK (slag <> 'skygge' OR prove)
);
CREATE INDEX ix_kjoring_apen ON kjoring (id) WHERE status IN ('bestilt', 'kjorer');
-- A new calculation may be asked for again and again, but not twice at a time.
CREATE UNIQUE INDEX uq_kjoring_apen ON kjoring (ordning, termin, slag)
    WHERE NOT prove AND slag <> 'ordinar' AND status IN ('bestilt', 'kjorer', 'holdt');

-- One real run a month: each municipality is in one of them at most.
CREATE TABLE kjoring_omfang (
    ordning        text NOT NULL,
    termin         text NOT NULL,
    kommunenummer  text NOT NULL,
    kjoring_id     uuid NOT NULL CONSTRAINT fk_kjoring_omfang_kjoring REFERENCES kjoring (id),
    CONSTRAINT pk_kjoring_omfang PRIMARY KEY (ordning, termin, kommunenummer)
);

-- A chunk is taken by its row lock, which a killed worker gives up at once, and is done only by the commit of its
-- work. `saker`: the ids, 16 bytes each, in order.
CREATE TABLE kjoring_bit (
    kjoring_id     uuid NOT NULL CONSTRAINT fk_kjoring_bit_kjoring REFERENCES kjoring (id),
    nr             integer NOT NULL,
    antall         integer NOT NULL,
    saker          bytea NOT NULL,
    forsok         integer NOT NULL DEFAULT 0,
    feil           text,
    kjor_etter     timestamptz NOT NULL DEFAULT '-infinity',
    samlet         timestamptz,
    mangler        bytea,                  -- ids of the cases that lack an answer after samle
    behandlet      timestamptz,
    resultat_hash  bytea,
    tall           jsonb,
    CONSTRAINT pk_kjoring_bit PRIMARY KEY (kjoring_id, nr)
);

CREATE TABLE kjoring_sak (
    kjoring_id     uuid NOT NULL,
    sak_id         uuid NOT NULL,
    kommunenummer  text NOT NULL,
    utfall         text NOT NULL CONSTRAINT ck_kjoring_sak_utfall
                   CHECK (utfall IN ('vedtatt', 'uendret', 'annet_vedtak', 'stanset', 'oppgave')),
    kode           text,
    resultat       text,                   -- innvilget, avslag, avvist
    belop          bigint,                 -- whole kroner a month; null: not decided
    forrige_kode   text,
    forrige_utfall text,
    forrige_belop  bigint NOT NULL,
    vedtak_id      uuid,
    grunn          text,                   -- why it was stopped, or what the open task is about
    regelform      integer NOT NULL DEFAULT 0,
    satser         integer NOT NULL DEFAULT 0,
    tak            integer NOT NULL DEFAULT 0,
    husstand       integer NOT NULL DEFAULT 0,
    inntekt        integer NOT NULL DEFAULT 0,
    formue         integer NOT NULL DEFAULT 0,
    boutgift       integer NOT NULL DEFAULT 0,
    kontroll       integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_kjoring_sak PRIMARY KEY (kjoring_id, sak_id),
    CONSTRAINT ck_kjoring_sak_sum CHECK (belop - forrige_belop
        = regelform + satser + tak + husstand + inntekt + formue + boutgift + kontroll),
    CONSTRAINT ck_kjoring_sak_grunn CHECK (utfall NOT IN ('stanset', 'oppgave') OR grunn IS NOT NULL)
);
CREATE INDEX ix_kjoring_sak_sak ON kjoring_sak (sak_id);

-- Who did what with a run: append-only.
CREATE TABLE kjoring_hendelse (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kjoring_id     uuid NOT NULL CONSTRAINT fk_kjoring_hendelse_kjoring REFERENCES kjoring (id),
    tid            timestamptz NOT NULL,
    type           text NOT NULL,
    aktor          text NOT NULL,
    data           jsonb NOT NULL
);
CREATE FUNCTION nekt_endring_kjoring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kjoring_hendelse kan ikke endres eller slettes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER kjoring_hendelse_rad BEFORE UPDATE OR DELETE ON kjoring_hendelse
    FOR EACH ROW EXECUTE FUNCTION nekt_endring_kjoring();
CREATE TRIGGER kjoring_hendelse_tom BEFORE TRUNCATE ON kjoring_hendelse
    FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_kjoring();

-- Payments of a run stand *holdt* until the run is within its band or a named person has released it.
ALTER TABLE utbetaling ADD COLUMN kjoring_id uuid CONSTRAINT fk_utbetaling_kjoring REFERENCES kjoring (id);
ALTER TABLE utbetaling SET (fillfactor = 50);
CREATE INDEX ix_utbetaling_holdt ON utbetaling (kjoring_id) WHERE kjoring_id IS NOT NULL;

-- A run touches every case: with room on the page an update leaves the indexes alone. Sealed bytes cannot be
-- compressed, so it is not tried, and a decision stays in one piece as far as the page allows.
ALTER TABLE sak SET (fillfactor = 50);
ALTER TABLE vedtak ALTER fakta SET STORAGE EXTERNAL, ALTER spor SET STORAGE EXTERNAL;
ALTER TABLE vedtak SET (toast_tuple_target = 4080);
ALTER TABLE opplysning ALTER innhold SET STORAGE EXTERNAL;
ALTER TABLE lopende_soknad ALTER soknad SET STORAGE EXTERNAL;

ALTER TABLE lopende ENABLE ROW LEVEL SECURITY;
CREATE POLICY lopende_sak ON lopende USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = lopende.sak_id));
ALTER TABLE lopende_soknad ENABLE ROW LEVEL SECURITY;
CREATE POLICY lopende_soknad_sak ON lopende_soknad
    USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = lopende_soknad.sak_id));
ALTER TABLE kjoring_sak ENABLE ROW LEVEL SECURITY;
CREATE POLICY kjoring_sak_sak ON kjoring_sak USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = kjoring_sak.sak_id));

GRANT SELECT ON lopende, lopende_soknad, kjoring, kjoring_omfang, kjoring_bit, kjoring_sak, kjoring_hendelse
    TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
GRANT INSERT, UPDATE ON lopende, lopende_soknad TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
GRANT INSERT ON kjoring, kjoring_omfang, kjoring_hendelse TO boligsak_api;
GRANT INSERT ON kjoring, kjoring_omfang, kjoring_bit, kjoring_sak, kjoring_hendelse TO boligsak_kjoring;
GRANT UPDATE ON kjoring, kjoring_bit TO boligsak_kjoring;
GRANT UPDATE (status, frigitt_av, frigitt) ON kjoring TO boligsak_api;  -- the release
GRANT UPDATE (status) ON utbetaling TO boligsak_api;
