-- What is owed keeps a case from being erased.
GRANT SELECT (id, sak_id, rest) ON tilbakekrav TO boligsak_bevaring;
