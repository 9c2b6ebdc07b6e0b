import { type Client, escapeIdentifier } from 'pg';
import { MIGRATIONS_TABLE } from './migrate';
import type { SetUpSettings } from './set-up-settings';

/** Exactly what each role does, and nothing else. */
export async function grantPrivileges(owner: Client, settings: SetUpSettings): Promise<void> {
  const user = escapeIdentifier(settings.user);
  const control = escapeIdentifier(settings.controlUser);
  await owner.query(`
    GRANT USAGE ON SCHEMA public, slow TO ${user};
    GRANT SELECT, UPDATE (stock_quantity) ON products, slow.products TO ${user};
    GRANT SELECT, INSERT ON orders, slow.orders TO ${user};
    GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO ${user};
    GRANT SELECT, INSERT, UPDATE, DELETE ON demo_faults TO ${control};
    GRANT SELECT ON ${MIGRATIONS_TABLE} TO ${control};
  `);
}
