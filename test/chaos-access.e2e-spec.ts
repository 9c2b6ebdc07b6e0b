import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

const CHANGES = ['/demo/enable-slow-queries', '/demo/simulate-pool-exhaustion', '/demo/reset'];
const TOKEN = 'only-for-the-stage-1234';

// Requests that must be refused are in the reliability table, R9.
describe('who may switch faults:', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());
  afterEach(() => system.sql('DELETE FROM demo_faults'));

  describe('with CHAOS_ENABLED=false', () => {
    let service: RunningService;
    beforeAll(async () => {
      service = await system.service('inventory', { CHAOS_ENABLED: 'false', CHAOS_TOKEN: TOKEN });
    });

    it('the status says so, and everything else works', async () => {
      expect((await service.get('/demo/status')).body).toMatchObject({ chaos_enabled: false });
      expect((await service.get('/inventory/check/5')).status).toBe(200);
    });
  });

  describe('with CHAOS_TOKEN', () => {
    let service: RunningService;
    beforeAll(async () => {
      service = await system.service('order', { CHAOS_TOKEN: TOKEN, LOG_LEVEL: 'debug' });
    });

    it.each(['Bearer', 'bearer'])('who has it: %s', async (scheme) => {
      for (const path of CHANGES) {
        const { status } = await service.post(path, {}, { Authorization: `${scheme} ${TOKEN}` });
        expect([path, status]).toEqual([path, 200]);
      }
    });

    it('everybody may read', async () => {
      for (const path of ['/demo/status', '/health', '/docs-json']) {
        const { status, body } = await service.get(path);
        expect(status).toBe(200);
        expect(JSON.stringify(body)).not.toContain(TOKEN);
      }
      expect((await service.get('/demo/status')).body.chaos_enabled).toBe(true);
    });

    it('the token is not in the log', async () => {
      for (const path of CHANGES) await service.post(path, {}, { Authorization: `Bearer ${TOKEN}` });
      await eventually(() => expect(service.output).toContain('fault started'));
      expect(service.output).not.toContain(TOKEN);
    });
  });
});
