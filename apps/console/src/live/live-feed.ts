import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Response } from 'express';
import { BudgetWatch } from '../budget/budget-watch';
import { CheckList } from '../checks/check-list';
import { ConsoleLoad } from '../load/console-load';
import { LiveViews } from './live-view';

const BUDGET_EVERY_MS = 500;
const MOST_VIEWERS = 200;

interface Viewer {
  response: Response;
  windowMinutes: number;
}

/**
 * Server-sent events. Each event is the whole of what it is about, so that a viewer that cannot keep up is passed over
 * until it has read what it was sent: nothing is buffered for it, and the others do not wait.
 */
@Injectable()
export class LiveFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly viewers = new Set<Viewer>();
  private timer?: NodeJS.Timeout;
  private ticks = 0;

  constructor(
    private readonly views: LiveViews,
    private readonly budget: BudgetWatch,
    private readonly load: ConsoleLoad,
    private readonly checks: CheckList,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), BUDGET_EVERY_MS);
  }

  /** Ends the streams first: the HTTP server waits for them. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    for (const { response } of this.viewers) response.end();
  }

  /** @returns false if there are too many viewers already */
  add(response: Response, windowMinutes: number): boolean {
    if (this.viewers.size >= MOST_VIEWERS) return false;
    const viewer = { response, windowMinutes };
    this.viewers.add(viewer);
    if (this.viewers.size === 1) this.watched(true);
    response.once('close', () => {
      this.viewers.delete(viewer);
      if (this.viewers.size === 0) this.watched(false);
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    send(viewer, event('budget', this.budget.view) + event('view', this.views.view(windowMinutes)));
    return true;
  }

  private watched(watched: boolean): void {
    this.load.watch(watched);
    this.checks.watch(watched);
  }

  private tick(): void {
    this.ticks += 1;
    const budget = event('budget', this.budget.view);
    const views = new Map<number, string>();
    for (const viewer of this.viewers) {
      send(viewer, budget);
      if (this.ticks % 2 !== 0) continue;
      // Once per window, however many look at it.
      const view = views.get(viewer.windowMinutes) ?? event('view', this.views.view(viewer.windowMinutes));
      views.set(viewer.windowMinutes, view);
      send(viewer, view);
    }
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function send({ response }: Viewer, text: string): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(text);
}
