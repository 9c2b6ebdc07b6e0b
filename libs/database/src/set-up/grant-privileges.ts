import { type Client, escapeIdentifier } from 'pg';
import { MIGRATIONS_TABLE } from './migrate';
import type { SetUpSettings } from './set-up-settings';

/**
 * Grants exactly what each role does, and nothing else. The control role explains the statements of the services, for
 * which PostgreSQL requires the right to read what they read; none of them reads who has ordered.
 */
export async function grantPrivileges(owner: Client, settings: SetUpSettings): Promise<void> {
  const user = escapeIdentifier(settings.user);
  const control = escapeIdentifier(settings.controlUser);
  // The default from PostgreSQL 15 on. A role that does not own the schema gets a warning, and changes nothing.
  await owner.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  await owner.query(`
    GRANT USAGE ON SCHEMA public, slow, noindex TO ${user};
    GRANT SELECT, UPDATE (stock_quantity) ON products, slow.products, noindex.products TO ${user};
    GRANT SELECT, INSERT ON orders, slow.orders, noindex.orders TO ${user};
    GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO ${user};
    GRANT SELECT, INSERT, UPDATE, DELETE ON demo_faults TO ${control};
    GRANT SELECT ON ${MIGRATIONS_TABLE}, products TO ${control};
    GRANT SELECT (id, product_id, quantity) ON orders TO ${control};
    GRANT EXECUTE ON FUNCTION lock_products() TO ${control};
  `);
}
