-- A claim may be set off in later payments: its rows are then netted as others are.
ALTER TABLE utbetaling DROP CONSTRAINT ck_utbetaling_krav;
CREATE OR REPLACE FUNCTION vokt_utbetaling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('holdt', 'planlagt'), ('planlagt', 'holdt'), ('planlagt', 'i_fil'), ('i_fil', 'sendt'), ('i_fil', 'utfort'),
        ('i_fil', 'avvist'), ('sendt', 'utfort'), ('sendt', 'avvist'), ('utfort', 'avvist'), ('avvist', 'planlagt'),
        ('krav', 'planlagt')
    ) THEN
        RAISE EXCEPTION 'utbetaling kan ikke gå fra % til %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
