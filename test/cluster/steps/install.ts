import { eventually } from '../support/eventually.ts';
import { get } from '../support/kubectl.ts';
import { expectStatus, send, Traffic } from '../support/requests.ts';
import { NotHere, type Step, type Surroundings } from '../support/suite.ts';

export const INSTALL: Step[] = [
  {
    title: 'Helm 3 installs, and waits until everything is ready',
    run: async ({ release, helm3 }) => {
      await release.apply(helm3, 'install');
      const pods = await release.pods();
      return `${pods.length} pods, ${await release.restarts()} restarts`;
    },
  },
  { title: "The demo's commands work from outside", run: commands },
  { title: 'Addresses of both families lead to the services', run: bothFamilies },
  {
    title: 'helm test passes with Helm 3 and 4',
    run: async ({ release, helm3, helm4 }) => {
      const said: string[] = [];
      for (const helm of [helm3, helm4]) {
        const output = await release.run(helm, 'test', release.name, '--logs', '--timeout', '5m');
        said.push(/\d+ passed, 0 failed/.exec(output)?.[0] ?? 'no line that says so');
      }
      return said.join('; ');
    },
  },
  {
    title: 'Helm 3 --wait fails for an image that is not there, and callers notice nothing',
    run: missingImage,
  },
  {
    title: 'Helm 4 takes over what Helm 3 installed',
    run: async ({ release, helm4 }) => {
      await release.apply(helm4, 'upgrade');
      return `revision ${JSON.parse(await release.run(helm4, 'status', release.name, '-o', 'json')).version}`;
    },
  },
  { title: 'A second release is refused a node port that is taken', run: clash },
];

async function commands({ release, addresses }: Surroundings): Promise<string> {
  const inventory = await addresses.of(release, 'inventory-service');
  const order = await addresses.of(release, 'order-service');
  await expectStatus(send(`${inventory}/inventory/check/5`));
  await expectStatus(send(`${order}/orders/popular-products?limit=5`));
  await expectStatus(
    send(`${order}/orders/create`, { user_id: 'demo_user', product_id: 5, quantity: 2 }),
    201,
  );
  await expectStatus(send(`${inventory}/inventory/reserve`, { product_id: 5, quantity: 1 }));
  await expectStatus(send(`${inventory}/demo/enable-slow-queries`, { delay_ms: 2_900 }));
  const exhausted = await expectStatus(send(`${inventory}/demo/simulate-pool-exhaustion`, {}));
  const { body } = await expectStatus(send(`${inventory}/health`));
  const { active_connections: active, max_connections: max } = body.connection_pool;
  if (exhausted.body.measured.holding !== 95 || active < 95)
    throw new Error(`${exhausted.body.detail}; ${active} of ${max}`);
  await expectStatus(send(`${inventory}/demo/reset`, {}));
  return exhausted.body.detail;
}

async function bothFamilies({ release, addresses }: Surroundings): Promise<string> {
  if (!addresses.otherHost) throw new NotHere('the node has addresses of one family only');
  const url = await addresses.of(release, 'inventory-service', addresses.otherHost);
  await expectStatus(send(`${url}/inventory/check/5`));
  return url;
}

async function missingImage({ release, helm3, addresses }: Surroundings): Promise<string> {
  const traffic = new Traffic(await addresses.reads(release), 20);
  const { code, stderr } = await release.upgradeQuickly(helm3, '--set', 'image.tag=not-there');
  await release.run(helm3, 'rollback', release.name, '--wait', '--timeout', '5m');
  const { sent, failed, troubles } = await traffic.stop(1);
  if (code === 0) throw new Error('it said that all went well');
  if (failed > 0) throw new Error(`${failed} of ${sent} requests failed: ${troubles}`);
  return `exit code ${code}: ${stderr.trim().split('\n').at(-1)}; ${sent} requests, 0 failed`;
}

async function clash({ release, helm4, other, addresses }: Surroundings): Promise<string> {
  const second = other('second');
  const taken = await release.nodePort('inventory-service');
  const set = `services.inventory-service.service.nodePort=${taken}`;
  const refusal = await second.apply(helm4, 'install', set).then(
    () => 'it was installed',
    (error: Error) => error.message,
  );
  await second.remove(helm4);
  if (!refusal.includes('already allocated')) throw new Error(refusal);
  await eventually(async () => expectStatus(send((await addresses.reads(release))[1] ?? '')));
  const { items } = await get(
    'services',
    '-n',
    second.namespace,
    '-l',
    `app.kubernetes.io/instance=${second.name}`,
  );
  return `node port ${taken}: provided port is already allocated; ${items.length} Services left behind`;
}
