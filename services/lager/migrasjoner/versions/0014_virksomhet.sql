-- Grants and loans are paid to organisations too.
ALTER TABLE utbetaling DROP CONSTRAINT ck_utbetaling_mottaker,
    ADD CONSTRAINT ck_utbetaling_mottaker CHECK (mottaker IN ('husstand', 'kommune', 'virksomhet'));
ALTER TABLE utbetalingslinje DROP CONSTRAINT ck_utbetalingslinje_mottaker,
    ADD CONSTRAINT ck_utbetalingslinje_mottaker CHECK (mottaker IN ('husstand', 'kommune', 'virksomhet'));
