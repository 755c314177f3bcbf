-- What the nightly controls came to: one row a control, for the metrics and for whoever asks later. No case in it.
CREATE TABLE tillitsmaling (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slag      text NOT NULL CONSTRAINT ck_tillitsmaling_slag CHECK (slag IN ('anker', 'replay')),
    tid       timestamptz NOT NULL,
    antall    bigint NOT NULL,             -- cases anchored, decisions computed again
    utelatt   bigint NOT NULL,             -- whose person is erased
    avvik     bigint NOT NULL,             -- gone backwards, or not the same
    sekunder  double precision NOT NULL
);
CREATE INDEX ix_tillitsmaling_slag ON tillitsmaling (slag, tid DESC);
CREATE TRIGGER tillitsmaling_rad BEFORE UPDATE OR DELETE ON tillitsmaling
    FOR EACH ROW EXECUTE FUNCTION nekt_endring_rad();
CREATE TRIGGER tillitsmaling_tom BEFORE TRUNCATE ON tillitsmaling
    FOR EACH STATEMENT EXECUTE FUNCTION nekt_endring_rad();
ALTER TABLE tillitsmaling ENABLE ROW LEVEL SECURITY;
CREATE POLICY tillitsmaling_landet ON tillitsmaling
    USING ((SELECT current_setting('boligsak.kommuner', true)) = '*');
GRANT SELECT ON tillitsmaling TO boligsak_api, boligsak_arbeider, boligsak_revisor;
GRANT INSERT ON tillitsmaling TO boligsak_arbeider;
