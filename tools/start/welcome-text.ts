import { serviceOf } from '@app/configuration';
import { authority } from '../authority';
import type { ServiceAccess } from '../database-configuration';
import { CREDENTIALS, LOGS, shortPath } from '../places';
import type { StartSettings } from './start-settings';

const JSON_TYPE = '-H "Content-Type: application/json"';
const ORDER = '{"user_id":"demo_user","product_id":5,"quantity":2}';

/** The text that a person sees when everything runs: what to open, what to type, how to end it. */
export function whatToTry(settings: StartSettings, access: ServiceAccess): string {
  const documents = settings.services.map(
    ({ name, port }) => `  ${name.padEnd(18)} http://localhost:${port}/docs`,
  );
  const [inventory, order] = (['inventory', 'order'] as const).map((wanted) => {
    const { port } = settings.services.find(({ key }) => key === wanted) ?? serviceOf(wanted);
    return `http://localhost:${port}`;
  });
  return [
    '',
    `  console            http://localhost:${settings.console.port}   the database as an APM sees it, and every fault as a button`,
    ...documents,
    '',
    'Use it:',
    `  curl ${inventory}/inventory/check/5`,
    `  curl "${order}/orders/popular-products?limit=5"`,
    `  curl -X POST ${order}/orders/create ${JSON_TYPE} -d '${ORDER}'`,
    `  curl -X POST ${inventory}/inventory/reserve ${JSON_TYPE} -d '{"product_id":5,"quantity":1}'`,
    'Break it, look at it, fix it:',
    '  npm run fault -- list',
    `  curl ${inventory}/health | jq '.connection_pool'`,
    '  npm run fault -- stop',
    '',
    ...(settings.own ? [] : embeddedHints(access)),
    `Logs: ${shortPath(LOGS)}. Ctrl-C stops everything.`,
  ].join('\n');
}

// It uses the superuser: psql as dbadmin would take a connection of the budget that the demo is about.
function embeddedHints({ host, port, database }: ServiceAccess): string[] {
  const superuser = `postgresql://postgres@${authority(host, port)}/${database}`;
  return [
    `Look into it: psql ${superuser} (superuser's password: ${shortPath(CREDENTIALS)})`,
    'Bring back the first data: npm run reset-data, after Ctrl-C',
  ];
}
