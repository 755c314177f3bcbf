-- The spine: people, cases, treatments, the append-only audit log, facts, decisions, payments, in- and outbox.
-- Personal content stands only in sealed bytea columns (see services/forsegling). All times are UTC.

CREATE TABLE person (
    id          uuid PRIMARY KEY,
    oppslag     bytea NOT NULL,            -- keyed hash of the identity number, for look-up
    fnr         bytea,                     -- sealed identity number; null when erased
    nokkel      bytea,                     -- the person's data key, wrapped; null when erased
    nokkel_kek  text,                      -- which key-encryption key wraps it
    laget       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_person_oppslag UNIQUE (oppslag)
);

CREATE TABLE sak (
    id             uuid PRIMARY KEY,
    ordning        text NOT NULL,
    kommunenummer  text NOT NULL CONSTRAINT ck_sak_kommunenummer CHECK (kommunenummer ~ '^[0-9]{4}$'),
    hovedperson    uuid NOT NULL CONSTRAINT fk_sak_hovedperson REFERENCES person (id),
    status         text NOT NULL DEFAULT 'aktiv'
                   CONSTRAINT ck_sak_status CHECK (status IN ('aktiv', 'stanset', 'avsluttet')),
    gradert        boolean NOT NULL DEFAULT false,  -- a party has a protected address (kode 6/7)
    versjon        integer NOT NULL DEFAULT 0,      -- grows with each change of state; the ETag
    siste_seq      integer NOT NULL DEFAULT 0,      -- head of the case's hash chain
    siste_hash     bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    laget          timestamptz NOT NULL DEFAULT now(),
    endret         timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX uq_sak_aktiv ON sak (ordning, hovedperson, kommunenummer) WHERE status <> 'avsluttet';
CREATE INDEX ix_sak_kommunenummer ON sak (kommunenummer, id);
CREATE INDEX ix_sak_hovedperson ON sak (hovedperson);

CREATE TABLE sak_person (
    sak_id     uuid NOT NULL CONSTRAINT fk_sak_person_sak REFERENCES sak (id),
    person_id  uuid NOT NULL CONSTRAINT fk_sak_person_person REFERENCES person (id),
    rolle      text NOT NULL CONSTRAINT ck_sak_person_rolle CHECK (rolle IN ('soker', 'biperson')),
    CONSTRAINT pk_sak_person PRIMARY KEY (sak_id, person_id)
);
CREATE INDEX ix_sak_person_person ON sak_person (person_id);

CREATE TABLE behandling (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_behandling_sak REFERENCES sak (id),
    nr             integer NOT NULL,       -- order within the case
    kommunenummer  text NOT NULL,
    forlop         text NOT NULL,
    arsak          text NOT NULL,
    termin         text NOT NULL CONSTRAINT ck_behandling_termin CHECK (termin ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    tilstand       text NOT NULL,
    avsluttet      timestamptz,
    forslag_av     text,
    frist          timestamptz,
    laget          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_behandling_nr UNIQUE (sak_id, nr)
) WITH (fillfactor = 80);
CREATE INDEX ix_behandling_tilstand ON behandling (tilstand, id) WHERE avsluttet IS NULL;
CREATE INDEX ix_behandling_frist ON behandling (frist) WHERE frist IS NOT NULL AND avsluttet IS NULL;

-- Append-only. `kanonisk` is what is hashed: hash = sha256(forrige || kanonisk). `innhold` is personal and sealed;
-- the chain holds only its salted hash, so that it verifies when the person's key is destroyed.
CREATE TABLE hendelse (
    id             uuid NOT NULL,
    sak_id         uuid NOT NULL,
    behandling_id  uuid,
    seq            integer NOT NULL,
    tid            timestamptz NOT NULL,
    type           text NOT NULL,
    kanonisk       bytea NOT NULL,
    forrige        bytea NOT NULL,
    hash           bytea NOT NULL,
    innhold        bytea,
    CONSTRAINT pk_hendelse PRIMARY KEY (sak_id, seq, tid)
) PARTITION BY RANGE (tid);
CREATE TABLE hendelse_rest PARTITION OF hendelse DEFAULT;

CREATE TABLE opplysning (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_opplysning_sak REFERENCES sak (id),
    behandling_id  uuid NOT NULL CONSTRAINT fk_opplysning_behandling REFERENCES behandling (id),
    nokkel         text NOT NULL,          -- what was asked: register/who/parameters, or soknad, or overstyring
    kilde          text NOT NULL,
    gjelder        uuid,
    hjemmel        text NOT NULL,
    hentet         timestamptz NOT NULL,   -- when we learned it
    gyldig_til     timestamptz,            -- null: as long as the case
    innhold        bytea NOT NULL,
    CONSTRAINT uq_opplysning_nokkel UNIQUE (behandling_id, nokkel)
);
CREATE INDEX ix_opplysning_sak ON opplysning (sak_id, nokkel, hentet DESC);

-- One row for a check that failed on its first try and goes on alone.
CREATE TABLE kontroll (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_kontroll_sak REFERENCES sak (id),
    behandling_id  uuid NOT NULL CONSTRAINT fk_kontroll_behandling REFERENCES behandling (id),
    nokkel         text NOT NULL,
    register       text NOT NULL,
    status         text NOT NULL CONSTRAINT ck_kontroll_status CHECK (status IN ('venter', 'utfort', 'oppgitt')),
    forsok         integer NOT NULL DEFAULT 1,
    kjor_etter     timestamptz NOT NULL,
    feil           text NOT NULL,          -- a code, never a register's words
    laget          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_kontroll_nokkel UNIQUE (behandling_id, nokkel)
);

CREATE TABLE vedtak (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_vedtak_sak REFERENCES sak (id),
    behandling_id  uuid NOT NULL CONSTRAINT fk_vedtak_behandling REFERENCES behandling (id),
    kommunenummer  text NOT NULL,
    termin         text NOT NULL,
    kode           text NOT NULL,
    utfall         text NOT NULL,
    belop          bigint NOT NULL,        -- whole kroner a month
    regelversjon   text NOT NULL,
    fattet         timestamptz NOT NULL,
    fattet_av      text NOT NULL,
    attestert_av   text,
    erstatter      uuid,                   -- the decision for the same termin that this one replaces
    fakta          bytea NOT NULL,         -- sealed canonical facts
    spor           bytea NOT NULL,         -- sealed canonical trace
    CONSTRAINT uq_vedtak_behandling UNIQUE (behandling_id)
);
CREATE INDEX ix_vedtak_sak ON vedtak (sak_id, termin, fattet DESC);

CREATE TABLE utbetaling (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_utbetaling_sak REFERENCES sak (id),
    vedtak_id      uuid NOT NULL CONSTRAINT fk_utbetaling_vedtak REFERENCES vedtak (id),
    kommunenummer  text NOT NULL,
    termin         text NOT NULL,
    belop          bigint NOT NULL,        -- whole kroner; negative: to be set off
    forfall        date NOT NULL,
    mottaker       text NOT NULL CONSTRAINT ck_utbetaling_mottaker CHECK (mottaker IN ('husstand', 'kommune')),
    status         text NOT NULL DEFAULT 'planlagt',
    laget          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_utbetaling_vedtak UNIQUE (vedtak_id, termin)
);
CREATE INDEX ix_utbetaling_sak ON utbetaling (sak_id, termin);

-- Every event that reached the door, refused ones too. The body is sealed with a key of its own until the
-- person is known; a refused body has no other key than this.
CREATE TABLE innboks (
    id             uuid PRIMARY KEY,
    kilde          text NOT NULL,
    ekstern_id     text NOT NULL,
    type           text NOT NULL,
    kommunenummer  text,
    mottatt        timestamptz NOT NULL DEFAULT now(),
    status         text NOT NULL CONSTRAINT ck_innboks_status CHECK (status IN ('godtatt', 'avvist')),
    problem        jsonb,
    kropp_hash     bytea NOT NULL,
    kropp          bytea,
    nokkel         bytea,
    nokkel_kek     text,
    sak_id         uuid,
    behandling_id  uuid
);
CREATE UNIQUE INDEX uq_innboks_godtatt ON innboks (kilde, ekstern_id) WHERE status = 'godtatt';

-- Work asked for. `venter` -> `publisert` -> `ferdig`; ferdig is written by the commit of the work itself.
CREATE TABLE utboks (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sak_id         uuid NOT NULL,
    emne           text NOT NULL,
    ko             text NOT NULL,
    ref            uuid,
    status         text NOT NULL DEFAULT 'venter'
                   CONSTRAINT ck_utboks_status CHECK (status IN ('venter', 'publisert', 'ferdig', 'parkert')),
    kjor_etter     timestamptz NOT NULL DEFAULT now(),
    publisert      timestamptz,
    forsok         integer NOT NULL DEFAULT 0,
    sporing        text,
    laget          timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
CREATE INDEX ix_utboks_venter ON utboks (kjor_etter, id) WHERE status = 'venter';
CREATE INDEX ix_utboks_publisert ON utboks (publisert) WHERE status = 'publisert';
CREATE INDEX ix_utboks_sak ON utboks (sak_id) WHERE status IN ('venter', 'publisert', 'parkert');

-- An open task with an owner: a manual decision, or work that failed its last try.
CREATE TABLE oppfolging (
    id             uuid PRIMARY KEY,
    sak_id         uuid NOT NULL CONSTRAINT fk_oppfolging_sak REFERENCES sak (id),
    behandling_id  uuid CONSTRAINT fk_oppfolging_behandling REFERENCES behandling (id),
    kommunenummer  text NOT NULL,
    slag           text NOT NULL CONSTRAINT ck_oppfolging_slag CHECK (slag IN ('manuell', 'teknisk')),
    arsak          text NOT NULL,
    fingeravtrykk  text NOT NULL,          -- equal causes share it; what a re-drive is asked by
    eier           text NOT NULL,
    frist          timestamptz NOT NULL,
    ref            uuid,
    laget          timestamptz NOT NULL DEFAULT now(),
    lukket         timestamptz,
    lukket_av      text
);
CREATE INDEX ix_oppfolging_apen ON oppfolging (fingeravtrykk, id) WHERE lukket IS NULL;
CREATE UNIQUE INDEX uq_oppfolging_apen ON oppfolging (behandling_id, fingeravtrykk) WHERE lukket IS NULL;

-- Outgoing CloudEvents for subscribers. `tx` lets a reader take only what no open transaction can still precede.
CREATE TABLE utgaende (
    id             uuid PRIMARY KEY,
    tx             xid8 NOT NULL DEFAULT pg_current_xact_id(),
    sak_id         uuid NOT NULL CONSTRAINT fk_utgaende_sak REFERENCES sak (id),
    type           text NOT NULL,
    data           jsonb NOT NULL,
    laget          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_utgaende_tx ON utgaende (tx, id);

-- Answers kept for a repeated POST with the same Idempotency-Key.
CREATE TABLE idempotens (
    aktor          text NOT NULL,
    nokkel         text NOT NULL,
    foresporsel    bytea NOT NULL,
    status         integer NOT NULL,
    svar           jsonb NOT NULL,
    laget          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotens PRIMARY KEY (aktor, nokkel)
);

-- Sealed bytes cannot be compressed: do not try.
ALTER TABLE hendelse ALTER innhold SET STORAGE EXTERNAL;
ALTER TABLE opplysning ALTER innhold SET STORAGE EXTERNAL;
ALTER TABLE vedtak ALTER fakta SET STORAGE EXTERNAL, ALTER spor SET STORAGE EXTERNAL;
ALTER TABLE innboks ALTER kropp SET STORAGE EXTERNAL;
