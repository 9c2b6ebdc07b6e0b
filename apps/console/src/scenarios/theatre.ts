import { basename, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PRODUCT_ROOT } from '@app/configuration';
import { Problem } from '@app/problem';
import {
  allScenarios,
  isGreen,
  type Places,
  playRun,
  type Scenario,
  type StepRun,
  StoppedByHand,
} from '@app/scenario';
import { ServiceClient } from '@app/service-client';
import { Injectable, Logger } from '@nestjs/common';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { NextPressed } from './next-pressed';
import type { Performance } from './performance';
import { type Story, storyOf } from './story';

/** Plays one scenario at a time, through the console's own address as any other program would. */
@Injectable()
export class Theatre {
  private readonly logger = new Logger(Theatre.name);
  private known?: Scenario[];
  private stop = new AbortController();
  private hand?: NextPressed;
  private playing?: Promise<void>;
  private latest?: Performance;

  constructor(
    private readonly services: ServiceClient,
    private readonly configuration: ConsoleConfiguration,
  ) {}

  /** Read once, on first use, because that takes longer than an answer may. */
  get scenarios(): readonly Scenario[] {
    this.known ??= allScenarios();
    return this.known;
  }

  get performance(): Performance | undefined {
    return this.latest && { ...this.latest, waits_for_next: this.hand?.waiting ?? false };
  }

  get story(): Story | undefined {
    const { performance } = this;
    const scenario = performance && this.scenarios.find(({ name }) => name === performance.name);
    return performance && scenario && storyOf(performance, scenario);
  }

  /**
   * @param console address of the console itself
   * @throws Problem while another one is played, or if there is no such scenario
   */
  start(
    name: string,
    console: string,
    { seed, pace }: { seed?: number; pace: 'hand' | 'clock' },
  ): Performance {
    if (this.playing)
      throw new Problem('not-in-this-scene', `${this.latest?.title} is being played: stop it first.`);
    const found = this.scenarios.find((one) => one.name === name);
    if (!found) throw new Problem('not-found', `There is no scenario ${name}.`);
    const scenario = { ...found, seed: seed ?? found.seed };
    this.stop = new AbortController();
    this.hand = pace === 'hand' ? new NextPressed() : undefined;
    this.latest = {
      ...{ name, title: scenario.title, seed: scenario.seed, pace, state: 'playing' },
      ...{ steps: [], waits_for_next: false },
    };
    const places = { targets: this.services.targets, console, token: this.configuration.CHAOS_TOKEN };
    this.playing = this.play(scenario, places, this.latest).finally(() => {
      this.playing = undefined;
      this.hand = undefined;
    });
    return this.latest;
  }

  /** @throws Problem if no step waits for a person */
  next(): void {
    if (!this.hand?.press())
      throw new Problem(
        'not-in-this-scene',
        'No step waits for this: it is not proven yet, or the clock decides.',
      );
  }

  /**
   * Resolves when everything is switched off. Does nothing if nothing is played.
   * @param withinMs after which it resolves in any case: services that are stopping too end their faults themselves
   */
  async end(withinMs?: number): Promise<void> {
    this.stop.abort(new StoppedByHand('stopped in the console'));
    await Promise.race([
      this.playing,
      ...(withinMs === undefined ? [] : [setTimeout(withinMs, undefined, { ref: false })]),
    ]);
  }

  private async play(scenario: Scenario, places: Places, performance: Performance): Promise<void> {
    const wish = {
      ...{
        scenario,
        places,
        hand: this.hand,
        runs: resolve(PRODUCT_ROOT, this.configuration.CONSOLE_RUNS_DIR),
      },
      tell: (line: string) => this.logger.log(line),
      step: (index: number, step: StepRun) => {
        performance.steps[index] = step;
      },
    };
    try {
      const { run, folder } = await playRun(wish, this.stop.signal);
      Object.assign(performance, { state: run.how, because: run.because, steps: run.steps });
      Object.assign(performance, { green: isGreen(run), run: basename(folder) });
    } catch (error) {
      Object.assign(performance, { state: 'failed', because: (error as Error).message, green: false });
    }
  }
}
