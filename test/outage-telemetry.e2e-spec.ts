import { Capture } from '../tools/conformance/capture';
import { eventually } from './support/eventually';
import { System } from './support/system';

const REQUESTS = 60;

it('reports an outage consistently in spans, metrics and log lines', async () => {
  const [system, capture] = await Promise.all([System.start(), Capture.start()]);
  try {
    const [holder, inventory] = await Promise.all([
      system.service('product'),
      system.service('inventory', { ...capture.environment(), DB_ACQUIRE_TIMEOUT_MS: '1000' }),
    ]);
    const { body } = await holder.post('/demo/simulate-pool-exhaustion', { connections: 100 });
    expect(body).toMatchObject({ effective: true, measured: { holding: 100 } });
    const requests = Array.from({ length: REQUESTS }, () => inventory.get('/inventory/check/5'));
    const refused = (await Promise.all(requests)).filter(({ status }) => status === 503).length;
    expect(refused).toBe(REQUESTS);
    await holder.post('/demo/reset');
    for (let count = 0; count < 5; count++)
      await eventually(async () => expect((await inventory.get('/inventory/check/5')).status).toBe(200));

    const scraped = String((await inventory.get('/metrics')).body);
    const metricValue = (name: string) =>
      [...scraped.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'gm'))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      );
    const measured = 'db_client_operation_duration_seconds';
    const inMetric = metricValue(`${measured}_sum`) / metricValue(`${measured}_count`);
    expect(await inventory.stop()).toBe(0);

    const spans = capture.spans.filter(
      ({ kind, attributes }) => kind === 'CLIENT' && 'db.operation.name' in attributes,
    );
    expect(spans).toHaveLength(metricValue(`${measured}_count`));
    const seconds = spans.map(({ durationMs }) => durationMs / 1_000);
    const inSpans = seconds.reduce((sum, one) => sum + one, 0) / spans.length;
    expect(Math.abs(inSpans / inMetric - 1)).toBeLessThan(0.05);

    // There are few lines, and together with what they leave out as many as there were refusals.
    const lines = inventory.output
      .split('\n')
      .filter((line) => line.includes('A request failed'))
      .map((line) => JSON.parse(line).message.left_out + 1);
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBe(refused);
    process.stdout.write(`CLIENT spans ${inSpans.toFixed(3)} s, metric ${inMetric.toFixed(3)} s\n`);
  } finally {
    await Promise.all([system.stop(), capture.stop()]);
  }
});
