import { KeptAlive, type ProcessState, type Restartable } from './kept-alive';
import type { Progress } from './progress';

/** Keeps every process of a start alive, and reports on the terminal, and to its listeners, what happened to them. */
export class Supervisor {
  private readonly all = new Map<string, KeptAlive>();
  private listener: (states: ProcessState[]) => void = () => undefined;

  constructor(private readonly progress: Progress) {}

  /** From now on, the process is started again whenever it ends by itself. */
  keep(process: Restartable): void {
    const kept = new KeptAlive(process, ({ up }, sentence) => {
      this.progress.say(`${up ? '✓' : '✗'} ${sentence}`);
      this.listener(this.states);
    });
    this.all.set(process.name, kept);
    kept.watch();
  }

  /** Stops keeping these processes alive. Resolves when none of them is started again any more. */
  async stopKeeping(...names: string[]): Promise<void> {
    await Promise.all(names.map((name) => this.all.get(name)?.stop()));
  }

  /** Called with all states at each change. */
  onChange(listener: (states: ProcessState[]) => void): void {
    this.listener = listener;
  }

  get states(): ProcessState[] {
    return [...this.all.values()].map(({ state }) => state);
  }
}
