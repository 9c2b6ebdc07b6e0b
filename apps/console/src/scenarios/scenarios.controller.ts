import { ApiBodyProblems } from '@app/problem';
import type { Scenario } from '@app/scenario';
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Performance } from './performance';
import { ScenarioNameDto, StartScenarioDto } from './start-scenario.dto';
import { Theatre } from './theatre';

/** What the prompter shows. */
interface ScenariosView {
  scenarios: readonly Scenario[];
  /** The one that is being played, or was played last. */
  performance?: Performance;
}

@Controller('api/scenarios')
export class ScenariosController {
  constructor(private readonly theatre: Theatre) {}

  /** The stories, and the one that is played. */
  @Get()
  list(): ScenariosView {
    return { scenarios: this.theatre.scenarios, performance: this.theatre.performance };
  }

  /** Begins to play one. */
  @Post(':name/start')
  @HttpCode(202)
  @ApiBody({ type: StartScenarioDto, required: false })
  @ApiBodyProblems('not-found', 'not-in-this-scene')
  start(
    @Param() { name }: ScenarioNameDto,
    @Body() wish: StartScenarioDto,
    @Req() { socket }: Request,
  ): Performance {
    const { localAddress = 'localhost', localPort } = socket;
    const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
    return this.theatre.start(name, `http://${host}:${localPort}`, wish);
  }

  /** The step is over. */
  @Post(':name/next')
  @HttpCode(202)
  @ApiBodyProblems('not-in-this-scene')
  next(@Param() _: ScenarioNameDto): { next: true } {
    this.theatre.next();
    return { next: true };
  }

  /** Ends it; answers when everything is switched off. */
  @Post(':name/stop')
  @HttpCode(200)
  @ApiBodyProblems()
  async stop(@Param() _: ScenarioNameDto): Promise<{ performance?: Performance }> {
    await this.theatre.end();
    return { performance: this.theatre.performance };
  }
}
