-- A main party may have several matters in one municipality: `gjelder` tells them apart. Empty: it has one.
ALTER TABLE sak ADD COLUMN gjelder text NOT NULL DEFAULT '';
DROP INDEX uq_sak_aktiv;
CREATE UNIQUE INDEX uq_sak_aktiv ON sak (ordning, hovedperson, kommunenummer, gjelder) WHERE status <> 'avsluttet';
