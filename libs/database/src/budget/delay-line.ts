interface Item {
  /** On the clock of `performance.now()`. */
  dueAt: number;
  act: () => unknown;
}

/** Performs actions after a delay, in the order in which they came in, even when the delay becomes shorter. */
export class DelayLine {
  private readonly items: Item[] = [];
  private timer?: NodeJS.Timeout;

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** Without a delay and without an earlier action in the queue, performs the action at once and returns its result. */
  pass<Result>(delayMs: number, act: () => Result): Result | undefined {
    const last = this.items.at(-1);
    if (delayMs === 0 && !last) return act();
    this.items.push({ dueAt: Math.max(performance.now() + delayMs, last?.dueAt ?? 0), act });
    this.wait();
    return undefined;
  }

  private wait(): void {
    const [next] = this.items;
    if (!next || this.timer) return;
    this.timer = setTimeout(() => this.doWhatIsDue(), Math.max(0, next.dueAt - performance.now()));
  }

  private doWhatIsDue(): void {
    this.timer = undefined;
    // A timer may be a fraction of a millisecond early.
    while (this.items[0] && this.items[0].dueAt <= performance.now() + 1) this.items.shift()?.act();
    this.wait();
  }
}
