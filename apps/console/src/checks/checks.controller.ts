import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { CheckList, type ListedCheck } from './check-list';
import { Observation, type Observed } from './observed';

@Controller('api/checks')
export class ChecksController {
  constructor(
    private readonly list: CheckList,
    private readonly observation: Observation,
  ) {}

  @Get()
  results(): ListedCheck[] {
    return this.list.results;
  }

  /** What the spans prove: for programs that check a deployment from outside. */
  @Get('observed')
  observed(): Observed {
    return this.observation.now();
  }

  /** Begins a run of all; the list tells how it goes. */
  @Post('run')
  @HttpCode(202)
  run(): { running: true } {
    void this.list.runAll();
    return { running: true };
  }
}
