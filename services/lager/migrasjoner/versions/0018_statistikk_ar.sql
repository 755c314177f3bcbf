-- A row of the year beside those of its months: households counted once by benefit (Husbankens Tabell 3.15).
ALTER TABLE statistikk DROP CONSTRAINT ck_statistikk_termin;
ALTER TABLE statistikk ADD CONSTRAINT ck_statistikk_termin CHECK (termin ~ '^[0-9]{4}(-(0[1-9]|1[0-2]))?$');
