-- What decides money and access is sealed in the chain: the verifier reads it, and the roles that do the work may
-- change no more of a row than what moves.
GRANT SELECT ON sak_person, behandling, opplysning, utbetaling, lopende, lopende_soknad, kjoring, utbetalingsfil,
    utbetalingslinje TO boligsak_revisor;

REVOKE UPDATE ON sak FROM boligsak_api, boligsak_arbeider, boligsak_kjoring;
GRANT UPDATE (status, gradert, versjon, siste_seq, siste_hash, endret) ON sak
    TO boligsak_api, boligsak_arbeider, boligsak_kjoring;
REVOKE UPDATE ON utbetaling FROM boligsak_kjoring;
GRANT UPDATE (status, linje_id) ON utbetaling TO boligsak_kjoring;
