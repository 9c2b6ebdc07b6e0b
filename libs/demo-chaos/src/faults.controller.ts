import { StrictValidationPipe } from '@app/http';
import { ApiBodyProblems, ApiChangeProblems, ApiProblems, ApiReadProblems } from '@app/problem';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { MaxLength } from 'class-validator';
import { ChaosGuard } from './chaos.guard';
import { FaultCatalog, type FaultDescription } from './dto/fault-description.dto';
import { FaultStatus, ResetResult } from './dto/fault-status.dto';
import type { Fault } from './fault';
import { FaultList } from './fault-list';
import { type StartRequest, settingsSchema, startRequest } from './fault-settings';
import { FaultSwitch } from './fault-switch';

class FaultName {
  @ApiProperty({ type: 'string', maxLength: 40, example: 'slow-queries' })
  @MaxLength(40)
  readonly name!: string;
}

/** The same three routes for every fault. */
@ApiTags('demo')
@Controller('demo/faults')
export class FaultsController {
  private readonly validation = new StrictValidationPipe();

  constructor(
    private readonly faults: FaultList,
    private readonly faultSwitch: FaultSwitch,
  ) {
    // The list of faults is not known earlier.
    documentSettings(faults.all);
  }

  @Get()
  @ApiOperation({ summary: 'Each fault that this service can have, with the schema of its settings' })
  @ApiOkResponse({ type: FaultCatalog })
  // PostgreSQL decides whether a fault is available here.
  @ApiReadProblems()
  async list(): Promise<FaultCatalog> {
    return { faults: await Promise.all(this.faults.all.map(describe)) };
  }

  @Post(':name')
  @HttpCode(200)
  @UseGuards(ChaosGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ type: FaultStatus })
  @ApiOperation({ summary: 'Switches a fault on, or changes and extends one that is on' })
  @ApiBodyProblems('unauthorized', 'chaos-disabled')
  @ApiProblems('unknown-fault', 'fault-held-elsewhere', 'fault-not-available')
  @ApiChangeProblems()
  async start(@Param() { name }: FaultName, @Body() body?: unknown): Promise<FaultStatus> {
    const fault = this.faults.named(name);
    const metatype = startRequest(fault.settings);
    const request = await this.validation.transform(body, { type: 'body', metatype });
    return this.faultSwitch.start(fault, request as StartRequest);
  }

  @Delete(':name')
  @UseGuards(ChaosGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ type: ResetResult })
  @ApiOperation({ summary: 'Ends a fault of this service, on all its replicas' })
  @ApiBodyProblems('unauthorized', 'chaos-disabled')
  @ApiChangeProblems()
  @ApiProblems('unknown-fault')
  stop(@Param() { name }: FaultName): Promise<ResetResult> {
    return this.faultSwitch.stop(this.faults.named(name));
  }
}

async function describe(fault: Fault): Promise<FaultDescription> {
  const { name, title, kind, summary, actsOn: acts_on, routine } = fault;
  const unavailable_because = await fault.unavailable();
  const settings = settingsSchema(startRequest(fault.settings));
  const example = exampleOf(fault);
  const available = unavailable_because === undefined;
  return { name, title, kind, summary, acts_on, routine, available, unavailable_because, settings, example };
}

/** A default that is undefined is computed when the fault starts, so it is left out of the example. */
function exampleOf({ settings, example }: Fault): object {
  return JSON.parse(JSON.stringify({ ...new settings(), ...example }));
}

/** The body of `start` in the OpenAPI document: the settings of any one fault, each with its example. */
function documentSettings(faults: readonly Fault[]): void {
  const route = FaultsController.prototype;
  ApiBody({
    required: false,
    schema: {
      anyOf: faults.map(({ title, settings }) => ({ title, ...settingsSchema(startRequest(settings)) })),
    } as object,
    examples: Object.fromEntries(
      faults.map((fault) => [fault.name, { summary: fault.summary, value: exampleOf(fault) }]),
    ),
  })(route, 'start', Object.getOwnPropertyDescriptor(route, 'start') as PropertyDescriptor);
}
