import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { ApiProblems, Problem } from '@app/problem';
import { isGreen, readRun } from '@app/scenario';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { ScenarioNameDto } from './start-scenario.dto';

/** Runs that are listed, the latest first. */
const MOST = 50;

/** A run in the list. */
interface ListedRun {
  /** Name of its folder. */
  name: string;
  title: string;
  seed: number;
  began: string;
  how: string;
  green: boolean;
}

@Controller('api/runs')
export class RunsController {
  constructor(private readonly configuration: ConsoleConfiguration) {}

  /** Runs of scenarios that were recorded, the latest first. */
  @Get()
  list(): ListedRun[] {
    return this.folders()
      .slice(0, MOST)
      .flatMap((name) => this.listed(name));
  }

  /** The report as a page. It allows its own style by its hash, and nothing else. */
  @Get(':name/report')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  @ApiProblems('invalid-request', 'not-found')
  report(@Param() { name }: ScenarioNameDto, @Res() response: Response): void {
    if (!this.folders().includes(name)) throw new Problem('not-found', `There is no run ${name}.`);
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response
      .type('html')
      .send(
        readFileSync(join(resolve(PRODUCT_ROOT, this.configuration.CONSOLE_RUNS_DIR), name, 'report.html')),
      );
  }

  private folders(): string[] {
    try {
      return readdirSync(resolve(PRODUCT_ROOT, this.configuration.CONSOLE_RUNS_DIR)).sort().reverse();
    } catch {
      return [];
    }
  }

  /** Empty for a folder that is still being written, or does not contain a run. */
  private listed(name: string): ListedRun[] {
    try {
      const run = readRun(join(resolve(PRODUCT_ROOT, this.configuration.CONSOLE_RUNS_DIR), name));
      const { scenario, seed, began, how } = run;
      return [{ name, title: scenario.title, seed, began, how, green: isGreen(run) }];
    } catch {
      return [];
    }
  }
}
