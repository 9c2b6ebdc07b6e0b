const SERVICES = 200;
const LONG = 'a-service-whose-name-somebody-has-made-much-longer-than-any-screen-is-wide-';

/** Sends database spans of services and databases outside the demo, most of them with long names. */
export async function sendForeignSpans(otlpPort: number): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const resourceSpans = Array.from({ length: SERVICES }, (_, index) => ({
    resource: { attributes: [text('service.name', `${index < 24 ? LONG : 'stranger-'}${index}`)] },
    scopeSpans: [
      {
        spans: [
          {
            traceId: String(index).padStart(32, '1'),
            spanId: String(index).padStart(16, '1'),
            name: 'SELECT parcels',
            kind: 3,
            startTimeUnixNano: String(now - 9_000_000_000n),
            endTimeUnixNano: String(now),
            attributes: [
              text('db.system', 'postgresql'),
              text('db.name', index % 2 === 0 ? 'warehouse' : `${LONG}${index}`),
              text('db.operation', 'SELECT'),
              text('db.statement', `SELECT ${index}`),
            ],
          },
        ],
      },
    ],
  }));
  const response = await fetch(`http://127.0.0.1:${otlpPort}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ resourceSpans }),
  });
  if (!response.ok) throw new Error(`the console refused foreign spans: ${response.status}`);
}
