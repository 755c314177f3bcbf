-- Payment files, their lines, the bank's answers; and the figures of a month as sums without a person in them.

-- A payment file as sent. `msgid` is made from termin and number, so the same file can be written again, byte by byte.
CREATE TABLE utbetalingsfil (
    id             uuid PRIMARY KEY,
    ordning        text NOT NULL,
    termin         text NOT NULL CONSTRAINT ck_utbetalingsfil_termin CHECK (termin ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    nr             integer NOT NULL,
    msgid          text NOT NULL CONSTRAINT uq_utbetalingsfil_msgid UNIQUE,
    forfall        date NOT NULL,
    antall         integer NOT NULL,
    sum            bigint NOT NULL,        -- whole kroner
    dannet         timestamptz NOT NULL,   -- the moment of its newest row: part of the file's content
    sha256         bytea,
    status         text NOT NULL DEFAULT 'laget'
                   CONSTRAINT ck_utbetalingsfil_status CHECK (status IN ('laget', 'sendt')),
    laget          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_utbetalingsfil_nr UNIQUE (ordning, termin, nr)
);

-- One transfer: what a case gets net of what it owes.
CREATE TABLE utbetalingslinje (
    id             uuid PRIMARY KEY,
    fil_id         uuid NOT NULL CONSTRAINT fk_utbetalingslinje_fil REFERENCES utbetalingsfil (id),
    sak_id         uuid NOT NULL CONSTRAINT fk_utbetalingslinje_sak REFERENCES sak (id),
    kommunenummer  text NOT NULL,
    mottaker       text NOT NULL CONSTRAINT ck_utbetalingslinje_mottaker CHECK (mottaker IN ('husstand', 'kommune')),
    belop          bigint NOT NULL CONSTRAINT ck_utbetalingslinje_belop CHECK (belop > 0),
    status         text NOT NULL DEFAULT 'i_fil'
                   CONSTRAINT ck_utbetalingslinje_status CHECK (status IN ('i_fil', 'sendt', 'utfort', 'avvist')),
    arsak          text,                   -- the bank's code
    CONSTRAINT uq_utbetalingslinje_sak UNIQUE (fil_id, sak_id)
) WITH (fillfactor = 70);
CREATE INDEX ix_utbetalingslinje_sak ON utbetalingslinje (sak_id);

ALTER TABLE utbetaling
    ADD COLUMN linje_id uuid CONSTRAINT fk_utbetaling_linje REFERENCES utbetalingslinje (id),
    ADD CONSTRAINT ck_utbetaling_status
        CHECK (status IN ('holdt', 'planlagt', 'i_fil', 'sendt', 'utfort', 'avvist'));
CREATE INDEX ix_utbetaling_planlagt ON utbetaling (forfall, sak_id) WHERE status = 'planlagt';
CREATE INDEX ix_utbetaling_linje ON utbetaling (linje_id) WHERE linje_id IS NOT NULL;

-- The same table of states as services/utbetaling/tilstand.py; here it also holds for statements written by hand.
CREATE FUNCTION vokt_utbetaling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('holdt', 'planlagt'), ('planlagt', 'holdt'), ('planlagt', 'i_fil'), ('i_fil', 'sendt'), ('i_fil', 'utfort'),
        ('i_fil', 'avvist'), ('sendt', 'utfort'), ('sendt', 'avvist'), ('utfort', 'avvist'), ('avvist', 'planlagt')
    ) THEN
        RAISE EXCEPTION 'utbetaling kan ikke gå fra % til %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER utbetaling_overgang BEFORE UPDATE OF status ON utbetaling FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION vokt_utbetaling();
CREATE FUNCTION nekt_endret_belop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'beløpet i en utbetaling kan ikke endres' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER utbetaling_belop BEFORE UPDATE OF belop, sak_id, termin ON utbetaling FOR EACH ROW
    WHEN ((OLD.belop, OLD.sak_id, OLD.termin) IS DISTINCT FROM (NEW.belop, NEW.sak_id, NEW.termin))
    EXECUTE FUNCTION nekt_endret_belop();

-- An answer from the bank, so that the same one read twice changes nothing.
CREATE TABLE banksvar (
    sha256         bytea PRIMARY KEY,
    msgid          text NOT NULL,
    utfort         integer NOT NULL,
    avvist         integer NOT NULL,
    under_veis     integer NOT NULL,
    ukjent         integer NOT NULL,
    lest           timestamptz NOT NULL DEFAULT now()
);

-- Sums by municipality, no case among them. Shown only through services/kjoring/statistikk_vern.py, which hides the
-- small ones. `kommunenummer` 0000 is the whole country.
CREATE TABLE statistikk (
    ordning        text NOT NULL,
    termin         text NOT NULL CONSTRAINT ck_statistikk_termin CHECK (termin ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    kommunenummer  text NOT NULL,
    tall           jsonb NOT NULL,
    laget          timestamptz NOT NULL,
    CONSTRAINT pk_statistikk PRIMARY KEY (ordning, termin, kommunenummer)
);

ALTER TABLE utbetalingslinje ENABLE ROW LEVEL SECURITY;
CREATE POLICY utbetalingslinje_sak ON utbetalingslinje
    USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = utbetalingslinje.sak_id));

GRANT SELECT ON utbetalingsfil, utbetalingslinje, banksvar, statistikk
    TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
GRANT INSERT, UPDATE ON utbetalingsfil, utbetalingslinje, statistikk TO boligsak_kjoring;
GRANT INSERT ON banksvar TO boligsak_kjoring;
GRANT DELETE ON statistikk TO boligsak_kjoring;
