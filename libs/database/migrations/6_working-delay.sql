-- Up Migration
-- The delay as before; and where demo.delay_mode is "work", it computes for that time instead of sleeping: a statement
-- that is slow without a wait event.
CREATE OR REPLACE FUNCTION slow.delay() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  ms      float8      := coalesce(nullif(current_setting('demo.delay_ms', true), ''), '0');
  started timestamptz := clock_timestamp();
BEGIN
  -- Once per client statement, however many tables it reads.
  IF ms > 0 AND current_setting('demo.delayed_at', true) IS DISTINCT FROM statement_timestamp()::text THEN
    PERFORM set_config('demo.delayed_at', statement_timestamp()::text, false);
    IF current_setting('demo.delay_mode', true) = 'work' THEN
      WHILE clock_timestamp() < started + ms * interval '1 ms' LOOP
        PERFORM md5(clock_timestamp()::text);
      END LOOP;
    ELSE
      PERFORM pg_sleep(ms / 1000);
    END IF;
    RAISE NOTICE 'statement delayed on purpose'
      USING ERRCODE = 'DEM01', DETAIL = extract(epoch FROM clock_timestamp() - started) * 1000;
  END IF;
  RETURN true;
END $$;
