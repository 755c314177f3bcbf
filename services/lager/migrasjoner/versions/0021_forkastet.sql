-- A held run that was wrong: its payments lapse, and what its month has had before is counted without them.
ALTER TABLE kjoring DROP CONSTRAINT ck_kjoring_status,
    ADD CONSTRAINT ck_kjoring_status
        CHECK (status IN ('bestilt', 'kjorer', 'holdt', 'ferdig', 'avvik', 'forkastet'));
ALTER TABLE utbetaling DROP CONSTRAINT ck_utbetaling_status,
    ADD CONSTRAINT ck_utbetaling_status
        CHECK (status IN ('holdt', 'planlagt', 'i_fil', 'sendt', 'utfort', 'avvist', 'krav', 'bortfalt'));
-- A decision in the case itself takes the place of what a run holds for it.
GRANT UPDATE (status) ON utbetaling TO boligsak_arbeider;
CREATE OR REPLACE FUNCTION vokt_utbetaling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('holdt', 'planlagt'), ('planlagt', 'holdt'), ('planlagt', 'i_fil'), ('i_fil', 'sendt'), ('i_fil', 'utfort'),
        ('i_fil', 'avvist'), ('sendt', 'utfort'), ('sendt', 'avvist'), ('utfort', 'avvist'), ('avvist', 'planlagt'),
        ('krav', 'planlagt'), ('holdt', 'bortfalt')
    ) THEN
        RAISE EXCEPTION 'utbetaling kan ikke gå fra % til %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
