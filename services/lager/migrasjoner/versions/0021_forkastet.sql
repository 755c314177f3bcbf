-- A held run that was wrong: its payments lapse, and what its month has had before is counted without them.
ALTER TABLE kjoring DROP CONSTRAINT ck_kjoring_status,
    ADD CONSTRAINT ck_kjoring_status
        CHECK (status IN ('bestilt', 'kjorer', 'holdt', 'ferdig', 'avvik', 'forkastet'));
ALTER TABLE utbetaling DROP CONSTRAINT ck_utbetaling_status,
    ADD CONSTRAINT ck_utbetaling_status
        CHECK (status IN ('holdt', 'planlagt', 'i_fil', 'sendt', 'utfort', 'avvist', 'krav', 'bortfalt'));
-- A decision in the case itself takes the place of what a run holds for it.
GRANT UPDATE (status) ON utbetaling TO boligsak_arbeider;
-- Is the decision of a run that has not been released, or never will be? Runs are rows of the whole country: whoever is
-- held to one municipality does not see them, and must be told this all the same.
CREATE FUNCTION vedtak_usluppet(sak uuid, vedtak uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM kjoring_sak s JOIN kjoring k ON k.id = s.kjoring_id
                   WHERE s.sak_id = sak AND s.vedtak_id = vedtak AND k.status <> 'ferdig')
$$;
REVOKE ALL ON FUNCTION vedtak_usluppet(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vedtak_usluppet(uuid, uuid) TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
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
