-- A register may be asked again in the same treatment: answers are kept side by side by when they came, and those from
-- before `kontroller_fra` no longer count when the engine looks.
ALTER TABLE opplysning DROP CONSTRAINT uq_opplysning_nokkel;
ALTER TABLE opplysning ADD CONSTRAINT uq_opplysning_nokkel UNIQUE (behandling_id, nokkel, hentet);
ALTER TABLE behandling ADD COLUMN kontroller_fra timestamptz;
