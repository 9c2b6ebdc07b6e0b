import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PRODUCT_ROOT } from './product';
import { ALL_SERVICES, CONSOLE, urlVariable } from './services';

const text = (path: string) => readFileSync(join(PRODUCT_ROOT, path), 'utf8');
const NAMES = ALL_SERVICES.map(({ name }) => name);

describe('the list of services', () => {
  it('has every folder below apps/ except the console', () => {
    const folders = [...ALL_SERVICES, CONSOLE].map(({ key }) => key);
    expect(readdirSync(join(PRODUCT_ROOT, 'apps')).sort()).toEqual(folders.sort());
  });

  it('gives each its own name, port and colour', () => {
    for (const property of ['key', 'name', 'port', 'color'] as const)
      expect(new Set(ALL_SERVICES.map((one) => one[property])).size).toBe(ALL_SERVICES.length);
    const theme = text('apps/console/page/style.css');
    for (const { color } of ALL_SERVICES)
      expect(theme).toMatch(new RegExp(`^\\.dot\\.service-${color}[, ]`, 'm'));
  });

  it('is the list of the chart', () => {
    const { services } = parse(text('helm/values.yaml'));
    const listed = ALL_SERVICES.map(({ key, name, port }) => [name, { entry: `dist/${key}.js`, port }]);
    expect(Object.entries(services)).toMatchObject(listed);
  });

  it('is the list of compose.yaml, where the console gets their addresses', () => {
    const { services } = parse(text('compose.yaml'));
    for (const { key, name, port } of ALL_SERVICES) {
      expect(services[name]).toMatchObject({
        command: [`dist/${key}.js`],
        environment: { PORT: String(port) },
        ports: [`127.0.0.1:${port}:${port}`],
      });
      expect(services.console.environment[urlVariable(key)]).toBe(`http://${name}:${port}`);
    }
    expect(Object.keys(services).filter((name) => name.endsWith('-service'))).toEqual(NAMES);
  });

  it.each(['README.md', 'helm/deploy.sh', 'docs/demo.http', 'docs/quick-reference.md'])(
    'has every port that %s names',
    (path) => {
      const ports = [...ALL_SERVICES, CONSOLE].map(({ port }) => String(port));
      const named = [...text(path).matchAll(/(?:localhost|\$at|\$HOST|\{\{host\}\}):(300\d\d)/g)];
      expect(named.length).toBeGreaterThan(3);
      for (const [, port] of named) expect(ports).toContain(port);
    },
  );
});
