-- Up Migration
-- What is declared to be wrong on purpose, one row for each fault of each service. All replicas of a service read it.
CREATE TABLE demo_faults (
  service    text        NOT NULL,
  fault      text        NOT NULL,
  settings   jsonb       NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (service, fault)
);

-- Views that make the statement of the application slow inside PostgreSQL, its SQL unchanged: put in front of
-- "public" in the search_path, they call delay() once per statement and say by a notice how long it took.
CREATE SCHEMA slow;

-- In plpgsql, since a function in SQL would be folded into the query. Volatile, so that planning does not call it.
CREATE FUNCTION slow.delay() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  ms      float8      := coalesce(nullif(current_setting('demo.delay_ms', true), ''), '0');
  started timestamptz := clock_timestamp();
BEGIN
  -- Once per client statement, however many tables it reads.
  IF ms > 0 AND current_setting('demo.delayed_at', true) IS DISTINCT FROM statement_timestamp()::text THEN
    PERFORM set_config('demo.delayed_at', statement_timestamp()::text, false), pg_sleep(ms / 1000);
    RAISE NOTICE 'statement delayed on purpose'
      USING ERRCODE = 'DEM01', DETAIL = extract(epoch FROM clock_timestamp() - started) * 1000;
  END IF;
  RETURN true;
END $$;

-- Before PostgreSQL 15 a view reads with its owner's rights: there it lets nobody do more than the grants on it say.
DO $$
DECLARE
  options text := CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 'WITH (security_invoker)' ELSE '' END;
BEGIN
  EXECUTE format('CREATE VIEW slow.products %s AS SELECT * FROM public.products WHERE (SELECT slow.delay())', options);
  -- The check makes an INSERT call the function too.
  EXECUTE format('CREATE VIEW slow.orders %s AS SELECT * FROM public.orders WHERE (SELECT slow.delay())
                  WITH LOCAL CHECK OPTION', options);
END $$;
