import pg from 'pg';

/** The same number at a time as the service. */
const AT_ONCE = 16;

// The practical minimum of a hold: a program that only opens connections with pg and keeps them.
let kept: pg.Client[] = [];

process.on('message', async ({ open }: { open: number }) => {
  await (open > 0 ? openAll(open) : closeAll());
  process.send?.({ open });
});

async function openAll(wanted: number): Promise<void> {
  let begun = 0;
  const oneByOne = async () => {
    while (begun++ < wanted) kept.push(await opened());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneByOne));
}

async function opened(): Promise<pg.Client> {
  const client = new pg.Client({
    host: process.env.DB_HOST,
    port: Number(process.env.DB_PORT),
    database: process.env.DB_NAME,
    user: process.env.DB_USER,
    password: process.env.DB_PASSWORD,
    application_name: 'bench held',
  });
  await client.connect();
  return client;
}

async function closeAll(): Promise<void> {
  await Promise.all(kept.map((client) => client.end()));
  kept = [];
}

process.once('disconnect', () => process.exit());
process.send?.({ port: 0 });
