import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Response } from 'express';
import { BudgetWatch } from '../budget/budget-watch';
import type { Choice } from '../catalog/catalog';
import { CheckList } from '../checks/check-list';
import { DatabaseWatch } from '../database-watch/database-watch';
import { HeadlineWatch } from '../headline/headline-watch';
import { ConsoleLoad } from '../load/console-load';
import { EventStream } from './event-stream';
import { LiveViews } from './live-view';

const BUDGET_EVERY_MS = 500;
const MOST_VIEWERS = 200;

interface Viewer {
  stream: EventStream;
  choice: Choice;
}

/**
 * Server-sent events. Each event contains the whole state of its subject, so a viewer that cannot keep up skips events
 * until it has read what it was sent: nothing is buffered for it, and the others do not wait.
 */
@Injectable()
export class LiveFeed implements OnApplicationBootstrap {
  private readonly viewers = new Set<Viewer>();
  private timer?: NodeJS.Timeout;
  private ticks = 0;

  constructor(
    private readonly views: LiveViews,
    private readonly budget: BudgetWatch,
    private readonly headline: HeadlineWatch,
    private readonly load: ConsoleLoad,
    private readonly checks: CheckList,
    private readonly database: DatabaseWatch,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), BUDGET_EVERY_MS);
  }

  /** Ends the streams first, because the HTTP server waits for them. */
  end(): void {
    clearInterval(this.timer);
    for (const { stream } of this.viewers) stream.end();
  }

  /** @returns false if there are already too many viewers */
  add(response: Response, choice: Choice): boolean {
    if (this.viewers.size >= MOST_VIEWERS) return false;
    const viewer = { stream: new EventStream(response), choice };
    this.viewers.add(viewer);
    if (this.viewers.size === 1) this.watched(true);
    response.once('close', () => {
      this.viewers.delete(viewer);
      if (this.viewers.size === 0) this.watched(false);
    });
    viewer.stream.send(this.nowEvent() + event('view', this.views.view(choice)));
    return true;
  }

  /** What an audience looks at, in one event: the headline must not contradict the squares. */
  private nowEvent(): string {
    const { headline } = this.headline;
    return event('budget', { ...this.budget.view, headline });
  }

  private watched(watched: boolean): void {
    this.load.watch(watched);
    this.checks.watch(watched);
    this.database.watch(watched);
  }

  private tick(): void {
    this.ticks += 1;
    const now = this.nowEvent();
    const views = new Map<string, string>();
    for (const viewer of this.viewers) {
      viewer.stream.send(now);
      if (this.ticks % 2 !== 0) continue;
      // Computed once per choice, however many viewers have made it.
      const key = JSON.stringify(viewer.choice);
      const view = views.get(key) ?? event('view', this.views.view(viewer.choice));
      views.set(key, view);
      viewer.stream.send(view);
    }
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
