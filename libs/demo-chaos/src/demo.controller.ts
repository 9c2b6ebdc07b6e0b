import { Configuration } from '@app/configuration';
import { SharedBudget } from '@app/database';
import { ApiChangeProblems, ApiProblems } from '@app/problem';
import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChaosGuard } from './chaos.guard';
import { DeclaredFaults } from './declared-faults';
import { DemoStatus, ResetResult } from './dto/fault-status.dto';
import { FaultSwitch } from './fault-switch';
import { FaultsInForce } from './faults-in-force';

@ApiTags('demo')
@Controller('demo')
export class DemoController {
  constructor(
    private readonly inForce: FaultsInForce,
    private readonly declared: DeclaredFaults,
    private readonly faultSwitch: FaultSwitch,
    private readonly budget: SharedBudget,
    private readonly configuration: Configuration,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'Each fault: what was asked, what was measured, how long it lasts' })
  @ApiOkResponse({ type: DemoStatus })
  status(): DemoStatus {
    const { view } = this.budget;
    const { SERVICE_NAME: service, CHAOS_ENABLED: chaos_enabled } = this.configuration;
    const active_connections = view?.active_connections;
    // Where faults are not allowed, what is declared does not matter.
    const unknown_because = chaos_enabled ? this.declared.unknownBecause : undefined;
    return {
      service,
      chaos_enabled,
      known: unknown_because === undefined,
      unknown_because,
      faults: this.inForce.status(),
      active_connections,
      max_connections: view?.max_connections,
    };
  }

  @Post('reset')
  @HttpCode(200)
  @UseGuards(ChaosGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ type: ResetResult })
  @ApiOperation({ summary: 'Ends every fault of this service, on all its replicas' })
  @ApiProblems('unauthorized', 'forbidden', 'chaos-disabled')
  @ApiChangeProblems()
  reset(): Promise<ResetResult> {
    return this.faultSwitch.stop();
  }
}
