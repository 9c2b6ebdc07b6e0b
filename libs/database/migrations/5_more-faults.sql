-- Up Migration
-- Locks the table as a migration does. The owner's right, lent for this one statement: MAINTAIN, which would do, came
-- with PostgreSQL 17. Nobody but the control role may call it.
CREATE FUNCTION lock_products() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  LOCK TABLE public.products IN ACCESS EXCLUSIVE MODE;
END $$;
REVOKE EXECUTE ON FUNCTION lock_products() FROM PUBLIC;

-- Views in front of the tables that hide the primary key from the planner: "id + 0" matches no index. Put in front of
-- "public" in the search_path, the application's SQL stays as it is.
CREATE SCHEMA noindex;
-- Before PostgreSQL 15 a view reads with its owner's rights: there it lets nobody do more than the grants on it say.
DO $$
DECLARE
  options text := CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 'WITH (security_invoker)' ELSE '' END;
BEGIN
  EXECUTE format('CREATE VIEW noindex.orders %s AS
                  SELECT id + 0 AS id, user_id, product_id, quantity, order_date FROM public.orders', options);
  EXECUTE format('CREATE VIEW noindex.products %s AS
                  SELECT id + 0 AS id, name, category, price, description, stock_quantity FROM public.products', options);
END $$;
