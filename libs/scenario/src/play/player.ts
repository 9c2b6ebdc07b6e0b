import { type Behaviour, PATIENT } from '@app/load';
import { serviceName } from '@app/service-client';
import { type Known, parseCondition } from '../format/condition';
import { endOf, type Scenario, type Step } from '../format/scenario';
import type { PlayedRun, Proof, Run, StepRun } from '../run/run';
import { figureOfNow } from './figures-of';
import { finishSteps } from './finish-steps';
import { LostFaults } from './lost-faults';
import { changed, ScenarioFailed, StoppedByHand } from './player-words';
import { unrepeatable } from './repeatable';
import { SAMPLE_EVERY_MS, type Stage } from './stage';
import { takeSample } from './take-sample';
import { waitForRest } from './wait-for-rest';

/** Milliseconds without an observation after which the connection counts as lost. */
const SILENCE_MS = 10_000;
/** Milliseconds that the timeline waits for the effect of a step, beyond the time that the step has. */
const PATIENCE_MS = 15_000;
/** Seconds that a fault outlives the timeline, should the player be killed. */
const BEYOND_S = 15;
/** Seconds of a fault whose end a person decides. */
const BY_HAND_S = 900;

/** Plays a scenario once. */
export class Player {
  private readonly steps: StepRun[] = [];
  private behaviour: Behaviour = PATIENT;
  private rate = 0;
  private origin = 0;
  /** Milliseconds by which the timeline was held up. */
  private heldUp = 0;
  private readonly on = new Set<string>();
  private readonly lost = new LostFaults();

  constructor(
    private readonly scenario: Scenario,
    private readonly stage: Stage,
  ) {}

  /** Never rejects: how it ended is part of the run. What it switched on is off then, or named in `left_on`. */
  async play(stop: AbortSignal): Promise<PlayedRun> {
    const lost = new AbortController();
    const over = new AbortController();
    const signal = AbortSignal.any([stop, lost.signal]);
    const watching = this.watch(AbortSignal.any([signal, over.signal]), lost);
    let trouble: unknown;
    try {
      await waitForRest(this.stage, signal);
      this.origin = this.stage.clock.now();
      for (const index of this.scenario.steps.keys()) await this.playStep(index, signal);
    } catch (error) {
      trouble = error;
    }
    const left_on = await this.end();
    over.abort();
    await watching;
    finishSteps(this.scenario, this.steps, this.stage, this.origin > 0 ? this.seconds() : 0);
    return this.result(ending(trouble), left_on);
  }

  /** The run as it is now: all that remains of it if its process is killed. */
  soFar(): PlayedRun {
    const because = `its process ended without a word in step ${this.steps.length} of ${this.scenario.steps.length}, or is playing it still`;
    const left_on = [...this.on].map((one) => `${one}, which ends by itself`);
    const run = this.result({ how: 'unfinished', because }, left_on);
    const steps = this.steps.map((step, index) => ({
      ...step,
      ended: step.ended === step.at ? run.seconds : step.ended,
      operations: this.stage.load.steps[index]?.figures() ?? [],
    }));
    return { ...run, steps };
  }

  private seconds(): number {
    return Number(((this.stage.clock.now() - this.origin) / 1_000).toFixed(2));
  }

  /** Takes a sample twice a second, and gives up when nothing is heard any more. */
  private async watch(signal: AbortSignal, lost: AbortController): Promise<void> {
    const { clock, deployment, tell } = this.stage;
    let heardAt = clock.now();
    try {
      for (;;) {
        await clock.sleep(SAMPLE_EVERY_MS, signal);
        const observed = deployment.observe();
        if (observed) heardAt = clock.now();
        else if (clock.now() - heardAt > SILENCE_MS)
          lost.abort(new ScenarioFailed('the console was silent for 10 s: the connection is lost'));
        if (!observed || this.origin === 0) continue;
        takeSample(this.stage, observed, this.seconds(), this.steps.at(-1));
        const times = { now: clock.now(), origin: this.origin };
        for (const lost of this.lost.observe(this.on, observed.faults, times)) tell(lost);
      }
    } catch {
      // The end.
    }
  }

  private async playStep(index: number, signal: AbortSignal): Promise<void> {
    const { clock, load, hand, tell } = this.stage;
    const step = this.scenario.steps[index] as Step;
    const planned = (seconds: number) => this.origin + seconds * 1_000 + this.heldUp;
    const from = hand ? clock.now() : planned(step.at);
    const to = hand ? Number.POSITIVE_INFINITY : planned(endOf(this.scenario, index));
    await clock.sleep(Math.max(0, from - clock.now()), signal);
    this.rate = step.load?.rate ?? this.rate;
    this.behaviour = changed(this.behaviour, step.load ?? {});
    load.step(this.rate, this.behaviour, from, to);
    const run = this.begin(step);
    tell(step.do, run.at);
    tell(`“${step.say}”`);
    await this.switchFaults(index, run);
    this.stage.step?.(index, run);
    if (step.until) {
      run.until = await this.proven(step.until, to, run, signal);
      this.stage.step?.(index, run);
    }
    if (hand) await hand.next(signal);
    else await clock.sleep(Math.max(0, to - clock.now()), signal);
    run.ended = this.seconds();
  }

  private begin({ do: done, say, look, governs = [] }: Step): StepRun {
    const at = this.seconds();
    const run: StepRun = {
      ...{ at, ended: at, do: done, say, look, governs },
      ...{ faults: [], answers: [], expect: [], operations: [], dropped: 0 },
      most: { open: 0, waiting: 0, lock: 0 },
      named: [],
    };
    this.steps.push(run);
    return run;
  }

  private async switchFaults(index: number, run: StepRun): Promise<void> {
    const { deployment, hand, tell } = this.stage;
    const { start = [], stop = [] } = this.scenario.steps[index] as Step;
    for (const { service, fault } of stop) {
      const { status, body } = await deployment.stop(service, fault);
      if (status !== 200)
        throw new ScenarioFailed(
          `${serviceName(service)} did not stop ${fault}: ${body.detail ?? `status ${status}`}`,
        );
      this.on.delete(`${service}: ${fault}`);
      run.answers.push(`${serviceName(service)}: ${fault} is off`);
    }
    for (const { service, fault, settings } of start) {
      const ttl_seconds = hand
        ? BY_HAND_S
        : Math.ceil(this.scenario.ends + this.heldUp / 1_000 - this.seconds()) + BEYOND_S;
      this.on.add(`${service}: ${fault}`);
      const { status, body } = await deployment.start(service, fault, { ...settings, ttl_seconds });
      const said = `${serviceName(service)}: ${fault}: ${body.detail ?? `status ${status}`}`;
      if (status !== 200) throw new ScenarioFailed(said);
      run.answers.push(said);
    }
    for (const answer of run.answers) tell(answer);
    run.faults = [...this.on];
  }

  /** Waits until the condition holds, and says after how long. Holds the timeline up where it does not hold in time. */
  private async proven(condition: string, to: number, run: StepRun, signal: AbortSignal): Promise<Proof> {
    const { clock, tell } = this.stage;
    const parsed = parseCondition(condition);
    const begin = this.origin + run.at * 1_000;
    const due = Number.isFinite(to) ? to : begin;
    for (;;) {
      const { holds, evidence } = parsed.test(await this.now(parsed.checks));
      const after = Number(((clock.now() - begin) / 1_000).toFixed(1));
      if (holds || clock.now() > due + PATIENCE_MS) {
        if (Number.isFinite(to)) this.heldUp += Math.max(0, clock.now() - to);
        tell(
          holds
            ? `${condition}: yes, after ${after} s (${evidence})`
            : `${condition}: NO, not within ${after} s (${evidence})`,
        );
        return { condition, holds, after, evidence };
      }
      await clock.sleep(SAMPLE_EVERY_MS / 2, signal);
    }
  }

  private async now(checks: readonly string[]): Promise<Known> {
    const { deployment, load } = this.stage;
    const results = await Promise.all(checks.map((id) => deployment.check(id)));
    const observed = deployment.observe();
    return {
      figure: (name, operation) => figureOfNow(name, operation, observed, load.recent()),
      named: observed?.named ?? ['unknown'],
      passes: (id) => results.some((result) => result.id === id && result.state === 'passed'),
    };
  }

  /** Whatever happened: nobody arrives any more, every fault is off. */
  private async end(): Promise<string[]> {
    const [left] = await Promise.all([this.stage.deployment.reset(), this.stage.load.end()]);
    return left;
  }

  private result({ how, because }: Pick<Run, 'how' | 'because'>, left_on: string[]): PlayedRun {
    const { steps: _, seed, ...scenario } = this.scenario;
    const not_repeatable_because = unrepeatable(this.steps, {
      how,
      heldUpMs: this.heldUp,
      byHand: this.stage.hand !== undefined,
      lost: this.lost.all,
    });
    return {
      format: 1,
      scenario,
      ...{ seed, how, because, seconds: this.origin > 0 ? this.seconds() : 0, left_on },
      repeatable: not_repeatable_because.length === 0,
      not_repeatable_because,
      faults_lost: this.lost.all,
      steps: this.steps,
    };
  }
}

function ending(trouble: unknown): Pick<Run, 'how' | 'because'> {
  if (trouble === undefined) return { how: 'finished' };
  if (trouble instanceof StoppedByHand) return { how: 'stopped', because: trouble.message };
  return { how: 'failed', because: trouble instanceof Error ? trouble.message : String(trouble) };
}
