import { ApiBodyProblems, type FieldError, Problem } from '@app/problem';
import {
  type Answer,
  type FaultDescription,
  SERVICES,
  ServiceFaults,
  type ServiceKey,
  serviceName,
} from '@app/service-client';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { FaultTargetDto, ServiceFaultDto } from './fault.dto';
import { ServiceWatch } from './service-watch';

/** A service's answer to a change of its faults. */
interface FaultAnswer {
  service: string;
  ok: boolean;
  /** In the service's own words. */
  detail: string;
}

/** Switches faults at the services, as `curl` does. Only the services know which faults there are. */
@Controller('api/faults')
export class FaultsController {
  constructor(
    private readonly faults: ServiceFaults,
    private readonly watch: ServiceWatch,
  ) {}

  /** The faults of the services, with what can be set of each. */
  @Get()
  list(): FaultDescription[] {
    return this.watch.faults;
  }

  /** Switches off all faults of a service, or of all. */
  @Post(':service/reset')
  @HttpCode(200)
  @ApiBodyProblems()
  reset(@Param() { service }: FaultTargetDto): Promise<FaultAnswer[]> {
    return this.change(service, (key) => this.faults.reset(key));
  }

  /** Switches a fault on, with its settings as the body. */
  @Post(':service/:fault')
  @HttpCode(200)
  @ApiBody({ required: false, schema: { type: 'object', additionalProperties: true } })
  @ApiBodyProblems()
  start(
    @Param() { service, fault }: ServiceFaultDto,
    @Body() settings: Record<string, unknown> = {},
  ): Promise<FaultAnswer[]> {
    return this.change(service, (key) => this.faults.start(key, fault, settings));
  }

  /** Switches a fault off. */
  @Delete(':service/:fault')
  @ApiBodyProblems()
  stop(@Param() { service, fault }: ServiceFaultDto): Promise<FaultAnswer[]> {
    return this.change(service, (key) => this.faults.stop(key, fault));
  }

  private async change(
    service: ServiceKey | 'all',
    send: (key: ServiceKey) => Promise<Answer>,
  ): Promise<FaultAnswer[]> {
    const keys = service === 'all' ? SERVICES : [service];
    const answers = await Promise.all(
      keys.map(async (key) => {
        const answer = await send(key);
        // The next view that the page gets should show what the button did.
        await this.watch.poll(key);
        return { key, ...answer };
      }),
    );
    const invalid = answers.find(({ status }) => status === 400)?.body.errors;
    if (Array.isArray(invalid)) throw Problem.ofFields(invalid as FieldError[]);
    return answers.map(({ key, status, body }) => {
      const ok = status === 200;
      return {
        service: serviceName(key),
        ok,
        detail: String(body.detail ?? (ok ? 'done' : `status ${status}`)),
      };
    });
  }
}
