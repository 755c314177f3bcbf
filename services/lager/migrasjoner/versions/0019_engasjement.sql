-- What the main party of each case is promised and paid on its other cases that run. It counts them in whatever
-- municipality they are, since a limit of engagement is of the whole; of these cases it gives out a sum alone.
CREATE FUNCTION engasjement(saker uuid[]) RETURNS TABLE (sak_id uuid, kroner bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, coalesce(sum(k.bundet + k.utbetalt), 0)::bigint
    FROM sak s LEFT JOIN sak a ON a.hovedperson = s.hovedperson AND a.id <> s.id AND a.status <> 'avsluttet'
         LEFT JOIN rammekrav k ON k.sak_id = a.id
    WHERE s.id = ANY(saker) GROUP BY s.id
$$;
REVOKE ALL ON FUNCTION engasjement(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engasjement(uuid[]) TO boligsak_api, boligsak_arbeider;
