import { ApiProblems } from '@app/problem';
import { Controller, Get, Param } from '@nestjs/common';
import { DatabaseWatch } from '../database-watch/database-watch';
import { PlanReader, type PlanView } from '../plans/plan-reader';
import { SpanStore } from '../spans/span-store';
import { SessionDto } from './session.dto';
import { type SessionsView, sessionsView } from './sessions-view';

/** Number of spans in which the latest statement of a session is searched. */
const LATEST_SPANS = 1_000;

@Controller('api/sessions')
export class SessionsController {
  constructor(
    private readonly watch: DatabaseWatch,
    private readonly spans: SpanStore,
    private readonly plans: PlanReader,
  ) {}

  /** Who is connected to the server, and who waits for whom. */
  @Get()
  async now(): Promise<SessionsView> {
    const traces = new Map<unknown, string>();
    for (const { traceId, attributes } of this.spans.latest(onSession, LATEST_SPANS).reverse())
      traces.set(attributes['postgresql.pid'], traceId);
    return sessionsView(await this.watch.asked(), (pid) => traces.get(pid));
  }

  /** What PostgreSQL would do for the latest statement of a session. It is not run. */
  @Get(':pid/plan')
  @ApiProblems('invalid-request', 'forbidden', 'not-found', 'not-ready')
  plan(@Param() { pid }: SessionDto): Promise<PlanView> {
    return this.plans.planOfSession(pid);
  }
}

function onSession({ attributes }: { attributes: Record<string, unknown> }): boolean {
  return attributes['postgresql.pid'] !== undefined;
}
