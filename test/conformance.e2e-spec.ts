import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKENDS } from '../tools/conformance/backends';

const CLI = join(__dirname, '../dist/conformance.js');

interface Outcome {
  code: number;
  stdout: string;
}

function conformance(...options: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...options], (error, stdout) => {
      resolve({ code: error ? Number(error.code) : 0, stdout });
    });
  });
}

/** A request as the collector's file exporter writes it, with one span. */
function captured(attributes: Record<string, string>): string {
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'SELECT products',
    kind: 3,
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans: [span] }] }],
  });
}

describe('npm run conformance', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds no rule of any backend broken by the three services', async () => {
    const { code, stdout } = await conformance();
    expect(stdout).not.toContain('FAIL');
    for (const { title, source } of Object.values(BACKENDS)) expect(stdout).toContain(`${title}   ${source}`);
    expect(stdout).toMatch(/\d\d rules held, 0 broken, 0 with no span to check/);
    expect(code).toBe(0);
  });

  it('tells of a captured file what each backend misses, and fails', async () => {
    const path = join(folder, 'spans.json');
    writeFileSync(path, `${captured({ 'db.system.name': 'postgresql', 'db.query.text': "SELECT 'x'" })}\n`);
    const { code, stdout } = await conformance('--file', path);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}db\.system \(string\) .* db\.system is missing/);
    expect(stdout).toMatch(/FAIL {2}the text of the query holds no values/);
    expect(stdout).toMatch(/pass {2}db\.system\.name/);
  });

  it('says what it cannot read', async () => {
    const path = join(folder, 'not-otlp.json');
    writeFileSync(path, 'nothing');
    expect((await conformance('--file', path)).code).toBe(1);
    expect((await conformance('--file', join(folder, 'missing.json'))).code).toBe(1);
    expect((await conformance('--help')).stdout).toContain('--file');
  });
});
