import { eventually } from '../support/eventually.ts';
import { kubectl } from '../support/kubectl.ts';
import { expectStatus, send } from '../support/requests.ts';
import type { Step, Surroundings } from '../support/suite.ts';

export const DATABASE: Step[] = [
  { title: "PostgreSQL's pod is deleted: served again by itself", run: (all) => withoutPostgres(all) },
  {
    title: "PostgreSQL's pod is killed: served again by itself",
    run: (all) => withoutPostgres(all, '--grace-period=0', '--force'),
  },
  { title: 'Uninstalled and installed again, the data is there', run: reinstalled },
  { title: 'Without a volume the database is set up anew with its pod', run: withoutVolume },
];

async function withoutPostgres({ release, addresses }: Surroundings, ...how: string[]): Promise<string> {
  const before = await release.restarts();
  const orders = await release.sql('SELECT count(*) FROM orders');
  const started = performance.now();
  await kubectl(['delete', 'pod', `${release.name}-postgresql-0`, '-n', release.namespace, ...how]);
  await eventually(async () => {
    for (const url of await addresses.reads(release)) await expectStatus(send(url, undefined, 5_000));
  }, 300_000);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const kept = await release.sql('SELECT count(*) FROM orders');
  if (kept !== orders) throw new Error(`${orders} orders before, ${kept} after`);
  const restarts = (await release.restarts()) - before;
  if (restarts !== 0) throw new Error(`${restarts} restarts of containers`);
  return `all three serve ${seconds} s after it; ${kept} orders kept, 0 restarts`;
}

async function reinstalled({ release, helm4, addresses }: Surroundings): Promise<string> {
  const order = { user_id: 'test-cluster', product_id: 7, quantity: 1 };
  await expectStatus(send(`${await addresses.of(release, 'order-service')}/orders/create`, order), 201);
  const count = "SELECT count(*) FROM orders WHERE user_id = 'test-cluster'";
  const before = await release.sql(count);
  await release.remove(helm4);
  await release.apply(helm4, 'install');
  const after = await release.sql(count);
  if (after !== before) throw new Error(`${before} orders before, ${after} after`);
  return `${after} of ${before} orders there`;
}

async function withoutVolume({ helm4, other, addresses }: Surroundings): Promise<string> {
  const bare = other('bare');
  try {
    await bare.apply(helm4, 'install', 'postgresql.persistence.enabled=false');
    await bare.run(helm4, 'test', bare.name, '--timeout', '5m');
    const started = performance.now();
    await kubectl(['delete', 'pod', `${bare.name}-postgresql-0`, '-n', bare.namespace]);
    await eventually(async () => {
      for (const url of await addresses.reads(bare)) await expectStatus(send(url, undefined, 5_000));
    }, 300_000);
    return `helm test passed; served ${((performance.now() - started) / 1_000).toFixed(1)} s after its pod was deleted`;
  } finally {
    await bare.remove(helm4);
  }
}
