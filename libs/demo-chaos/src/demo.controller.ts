import { Configuration } from '@app/configuration';
import { SharedBudget } from '@app/database';
import { ApiProblems } from '@app/problem';
import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChaosGuard } from './chaos.guard';
import { DemoStatus, FaultStatus, ResetResult } from './dto/fault-status.dto';
import { PoolExhaustionDto } from './dto/pool-exhaustion.dto';
import { SlowQueriesDto } from './dto/slow-queries.dto';
import { FaultSwitch } from './fault-switch';
import { Faults } from './faults';

@ApiTags('demo')
@Controller('demo')
export class DemoController {
  constructor(
    private readonly faults: Faults,
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
    return {
      service,
      chaos_enabled,
      faults: this.faults.status(),
      active_connections,
      max_connections: view?.max_connections,
    };
  }

  @Post('enable-slow-queries')
  @HttpCode(200)
  @UseGuards(ChaosGuard)
  @ApiBearerAuth()
  @ApiBody({ type: SlowQueriesDto, required: false })
  @ApiProblems('body-too-large', 'unsupported-encoding')
  @ApiOkResponse({ type: FaultStatus })
  @ApiOperation({ summary: 'Makes every statement of this service slow, inside PostgreSQL' })
  @ApiProblems(
    'invalid-request',
    'malformed-json',
    'unauthorized',
    'forbidden',
    'chaos-disabled',
    'database-unavailable',
  )
  enableSlowQueries(@Body() settings: SlowQueriesDto): Promise<FaultStatus> {
    return this.faultSwitch.slowDown(settings);
  }

  @Post('simulate-pool-exhaustion')
  @HttpCode(200)
  @UseGuards(ChaosGuard)
  @ApiBearerAuth()
  @ApiBody({ type: PoolExhaustionDto, required: false })
  @ApiProblems('body-too-large', 'unsupported-encoding')
  @ApiOkResponse({ type: FaultStatus })
  @ApiOperation({ summary: 'Holds connections of the budget that all services share' })
  @ApiProblems('invalid-request', 'malformed-json', 'unauthorized', 'forbidden', 'chaos-disabled')
  @ApiProblems('fault-held-elsewhere', 'database-unavailable')
  simulatePoolExhaustion(@Body() settings: PoolExhaustionDto): Promise<FaultStatus> {
    return this.faultSwitch.exhaust(settings);
  }

  @Post('reset')
  @HttpCode(200)
  @UseGuards(ChaosGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ type: ResetResult })
  @ApiOperation({ summary: 'Ends every fault of this service, on all its replicas' })
  @ApiProblems('unauthorized', 'forbidden', 'chaos-disabled', 'database-unavailable')
  reset(): Promise<ResetResult> {
    return this.faultSwitch.reset();
  }
}
