import type { Observed } from '@app/checks';
import { ApiBodyProblems } from '@app/problem';
import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { CheckList, type ListedCheck } from './check-list';
import { Observation } from './observation';

@Controller('api/checks')
export class ChecksController {
  constructor(
    private readonly list: CheckList,
    private readonly observation: Observation,
  ) {}

  /** The checks, and how each went last. */
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
  @ApiBodyProblems()
  run(): { running: true } {
    void this.list.runAll();
    return { running: true };
  }
}
