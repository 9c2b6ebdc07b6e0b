import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ExhaustDto, FaultTargetDto, SlowDto } from './fault.dto';
import { ServiceClient } from './service-client';
import { SERVICES, type ServiceKey, serviceName } from './service-targets';
import { ServiceWatch } from './service-watch';

/** Longer than a service takes to prove that a fault is in force. */
const TIMEOUT_MS = 15_000;

/** What a service said to a change of its faults. */
interface FaultAnswer {
  service: string;
  ok: boolean;
  /** In the service's own words. */
  detail: string;
}

/** Switches faults at the services, as `curl` does. */
@Controller('api/faults')
export class FaultsController {
  constructor(
    private readonly client: ServiceClient,
    private readonly watch: ServiceWatch,
  ) {}

  @Post(':service/slow')
  @HttpCode(200)
  slow(@Param() { service }: FaultTargetDto, @Body() settings: SlowDto): Promise<FaultAnswer[]> {
    return this.send(service, '/demo/enable-slow-queries', settings);
  }

  @Post(':service/exhaust')
  @HttpCode(200)
  exhaust(@Param() { service }: FaultTargetDto, @Body() settings: ExhaustDto): Promise<FaultAnswer[]> {
    return this.send(service, '/demo/simulate-pool-exhaustion', settings);
  }

  @Post(':service/reset')
  @HttpCode(200)
  reset(@Param() { service }: FaultTargetDto): Promise<FaultAnswer[]> {
    return this.send(service, '/demo/reset', {});
  }

  private send(service: ServiceKey | 'all', path: string, body: object): Promise<FaultAnswer[]> {
    const keys = service === 'all' ? SERVICES : [service];
    return Promise.all(
      keys.map(async (key) => {
        const { status, body: answer } = await this.client.post(key, path, body, TIMEOUT_MS);
        // So that the next view that the page gets shows what the button did.
        await this.watch.look(key);
        const ok = status === 200;
        const detail = String(answer.detail ?? (ok ? 'done' : `status ${status}`));
        return { service: serviceName(key), ok, detail };
      }),
    );
  }
}
