-- The verifier reads what the audit rests on and nothing else. It sees every row (BYPASSRLS, see roller.py): a policy
-- would hide exactly the events whose case has been removed.
GRANT USAGE ON SCHEMA public TO boligsak_revisor;
GRANT SELECT ON sak, hendelse, vedtak TO boligsak_revisor;
GRANT SELECT (id, nokkel, nokkel_kek) ON person TO boligsak_revisor;
