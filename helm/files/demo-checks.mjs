// The demo, asked of the running services: what it says must come true, and everything is at rest afterwards.
const { PRODUCT_URL, INVENTORY_URL, ORDER_URL, CHAOS_TOKEN, CHAOS_ENABLED = 'true' } = process.env;
const INVENTORY_CONTROL_URL = process.env.INVENTORY_CONTROL_URL ?? INVENTORY_URL;
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
let passed = 0;
let failed = 0;

async function call(method, url, body) {
  const started = performance.now();
  const headers = { 'Content-Type': 'application/json' };
  if (CHAOS_TOKEN) headers.Authorization = `Bearer ${CHAOS_TOKEN}`;
  const answer = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  const json = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  return { status: answer.status, json, text, ms: performance.now() - started };
}

const get = (url) => call('GET', url);
const post = (url, body) => call('POST', url, body);

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

async function eventually(what) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function check(sentence, what) {
  try {
    const detail = await what();
    passed += 1;
    console.log(`ok    ${sentence}${detail ? ` (${detail})` : ''}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${sentence}: ${error.cause?.code ?? error.message}`);
  }
}

async function answers(answer, status = 200) {
  const { status: got, text, ms } = await answer;
  expect(got === status, `answered ${got}: ${text.slice(0, 200)}`);
  return `${Math.round(ms)} ms`;
}

async function openConnections() {
  const { json } = await get(`${INVENTORY_CONTROL_URL}/health`);
  return json.connection_pool;
}

await check('every service is ready', () =>
  eventually(async () => {
    for (const url of [PRODUCT_URL, INVENTORY_URL, ORDER_URL].filter(Boolean)) await answers(get(`${url}/health/ready`));
  }),
);
if (PRODUCT_URL) await check('products are listed', () => answers(get(`${PRODUCT_URL}/products`)));
if (ORDER_URL) {
  const order = { user_id: 'demo_user', product_id: 5, quantity: 1 };
  await check('popular products are counted', () => answers(get(`${ORDER_URL}/orders/popular-products?limit=5`)));
  await check('an order is created', () => answers(post(`${ORDER_URL}/orders/create`, order), 201));
}
if (INVENTORY_URL) {
  const reservation = { product_id: 5, quantity: 1 };
  await check('stock is told', () => answers(get(`${INVENTORY_URL}/inventory/check/5`)));
  await check('stock is reserved', () => answers(post(`${INVENTORY_URL}/inventory/reserve`, reservation)));
}

if (INVENTORY_URL && CHAOS_ENABLED === 'true') {
  await check('a slow query takes as long as it was told to', async () => {
    await answers(post(`${INVENTORY_CONTROL_URL}/demo/enable-slow-queries`, { delay_ms: 1500, ttl_seconds: 120 }));
    const { status, ms } = await get(`${INVENTORY_URL}/inventory/check/5`);
    expect(status === 200 && ms >= 1500, `answered ${status} after ${Math.round(ms)} ms`);
    return `${Math.round(ms)} ms`;
  });
  await check('exhaustion holds 95 % of the budget', async () => {
    await answers(post(`${INVENTORY_CONTROL_URL}/demo/reset`));
    const exhaust = post(`${INVENTORY_CONTROL_URL}/demo/simulate-pool-exhaustion`, { ttl_seconds: 120 });
    await answers(exhaust);
    const { asked } = (await exhaust).json;
    return eventually(async () => {
      const { active_connections: active, max_connections: max } = await openConnections();
      expect(asked.connections === Math.max(1, Math.floor((max * 95) / 100)), `${asked.connections} of ${max}`);
      expect(active >= asked.connections, `${active} of ${max}`);
      return `${active} of ${max}`;
    });
  });
  await check('the control address answers meanwhile', () => answers(get(`${INVENTORY_CONTROL_URL}/demo/status`)));
  await check('a reset gives everything back', async () => {
    await answers(post(`${INVENTORY_CONTROL_URL}/demo/reset`));
    return eventually(async () => {
      const { active_connections: active, max_connections: max, by_service: services } = await openConnections();
      const held = Object.values(services).reduce((sum, { held_by_fault: own = 0 }) => sum + own, 0);
      expect(held === 0, `still ${held} held`);
      await answers(get(`${INVENTORY_URL}/inventory/check/5`));
      return `${active} of ${max}`;
    });
  });
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
