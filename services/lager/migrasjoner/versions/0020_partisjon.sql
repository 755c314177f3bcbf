-- A month whose first events came before its partition was made stays in hendelse_rest: a partition beside them would
-- be refused, and with it the monthly run. What is written is not moved, and the months after it get theirs.
CREATE OR REPLACE FUNCTION lag_hendelse_partisjon(maned date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    fra timestamptz := date_trunc('month', maned::timestamp) AT TIME ZONE 'UTC';
    til timestamptz := (date_trunc('month', maned::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
    navn text := 'hendelse_' || to_char(maned, 'YYYY_MM');
BEGIN
    IF to_regclass(navn) IS NOT NULL THEN RETURN; END IF;
    -- Asked first, since the attempt locks the whole log.
    IF EXISTS (SELECT FROM hendelse_rest WHERE tid >= fra AND tid < til) THEN RETURN; END IF;
    BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF hendelse FOR VALUES FROM (%L) TO (%L)', navn, fra, til);
    EXCEPTION WHEN check_violation THEN RETURN;  -- the first one came in that moment
    END;
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring()',
                   navn || '_tom', navn);
END $$;
