import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';
import { ApiProblems, Problem } from '@app/problem';
import { isGreen, readRun, viewAtRest } from '@app/scenario';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import type { CatalogView } from '../catalog/catalog';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import type { LiveView } from '../live/live-view';
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

/** The numbers of a run with which those of today are compared. */
export interface RunAtRest {
  /** Name of its folder. */
  name: string;
  /** Unix milliseconds. */
  at: number;
  catalog: CatalogView;
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
    const path = join(this.pathOf(name), 'report.html');
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response.type('html').send(readFileSync(path));
  }

  /** What the page showed in that run while nothing was wrong yet. */
  @Get(':name/at-rest')
  @ApiProblems('invalid-request', 'not-found')
  atRest(@Param() { name }: ScenarioNameDto): RunAtRest {
    const view = this.viewAtRest(this.pathOf(name));
    if (!view) throw new Problem('not-found', `The run ${name} has no view of the console.`);
    return { name, at: view.at, catalog: view.catalog };
  }

  /** Undefined for a folder that does not contain a run, too. */
  private viewAtRest(path: string): LiveView | undefined {
    try {
      return viewAtRest(path) as LiveView | undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws Problem if there is no such run */
  private pathOf(name: string): string {
    if (!this.folders().includes(name)) throw new Problem('not-found', `There is no run ${name}.`);
    return join(this.folder, name);
  }

  private get folder(): string {
    return resolve(PRODUCT_ROOT, this.configuration.CONSOLE_RUNS_DIR);
  }

  private folders(): string[] {
    try {
      return readdirSync(this.folder).sort().reverse();
    } catch {
      return [];
    }
  }

  /** Empty for a folder that does not contain a run. */
  private listed(name: string): ListedRun[] {
    try {
      const run = readRun(join(this.folder, name));
      const { scenario, seed, began, how } = run;
      return [{ name, title: scenario.title, seed, began, how, green: isGreen(run) }];
    } catch {
      return [];
    }
  }
}
