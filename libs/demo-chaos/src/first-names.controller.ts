import { ApiBodyProblems, ApiChangeProblems, ApiProblems } from '@app/problem';
import { applyDecorators, Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChaosGuard } from './chaos.guard';
import { FaultStatus } from './dto/fault-status.dto';
import { FaultList } from './fault-list';
import { type StartRequest, settingsSchema, startRequest } from './fault-settings';
import { FaultSwitch } from './fault-switch';
import { PoolExhaustionSettings } from './faults/pool-exhaustion/pool-exhaustion.settings';
import { SlowQueriesSettings } from './faults/slow-queries/slow-queries.settings';

class SlowQueriesRequest extends startRequest(SlowQueriesSettings) {}
class PoolExhaustionRequest extends startRequest(PoolExhaustionSettings) {}

/** The routes that the first two faults had before there were others. Scripts and slides still use them. */
@ApiTags('demo')
@Controller('demo')
export class FirstNamesController {
  constructor(
    private readonly faults: FaultList,
    private readonly faultSwitch: FaultSwitch,
  ) {}

  @StartsFault('Makes every statement of this service slow, inside PostgreSQL', SlowQueriesRequest)
  @ApiChangeProblems()
  @Post('enable-slow-queries')
  enableSlowQueries(@Body() settings: SlowQueriesRequest): Promise<FaultStatus> {
    return this.faultSwitch.start(this.faults.named('slow-queries'), settings);
  }

  @StartsFault('Holds connections of the budget that all services share', PoolExhaustionRequest)
  @ApiProblems('fault-held-elsewhere')
  @ApiChangeProblems()
  @Post('simulate-pool-exhaustion')
  simulatePoolExhaustion(@Body() settings: PoolExhaustionRequest): Promise<FaultStatus> {
    return this.faultSwitch.start(this.faults.named('pool-exhaustion'), settings);
  }
}

function StartsFault(summary: string, request: new () => StartRequest): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    UseGuards(ChaosGuard),
    ApiBearerAuth(),
    ApiBody({ schema: settingsSchema(request) as object, required: false }),
    ApiOperation({ summary }),
    ApiOkResponse({ type: FaultStatus }),
    ApiBodyProblems('unauthorized', 'chaos-disabled'),
  );
}
