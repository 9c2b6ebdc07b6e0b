import { ApiProblems, Problem } from '@app/problem';
import { Controller, Get, Query } from '@nestjs/common';
import { databaseCall } from '../catalog/database-call';
import { SpanStore } from '../spans/span-store';
import { ExplainDto } from './explain.dto';
import { PlanReader, type PlanView } from './plan-reader';

@Controller('api/plans')
export class PlansController {
  constructor(
    private readonly plans: PlanReader,
    private readonly spans: SpanStore,
  ) {}

  /** What PostgreSQL would do for a statement that a service has sent, whatever its parameters are. It is not run. */
  @Get()
  @ApiProblems('invalid-request', 'forbidden', 'not-found', 'not-ready')
  async plan(@Query() { statement }: ExplainDto): Promise<PlanView> {
    const [sent] = this.spans.latest((span) => databaseCall(span)?.statement === statement, 1);
    if (!sent) throw new Problem('not-found', 'No span with this statement is kept any more.');
    return this.plans.plan(statement);
  }
}
