import { ApiProblems, Problem } from '@app/problem';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { databaseCall } from '../catalog/database-call';
import { FindSpansDto } from './find-spans.dto';
import { SpanStore } from './span-store';
import { type ExecutionView, type SpanView, spanView } from './span-view';

const MOST_SPANS = 50;

@Controller('api')
export class SpansController {
  constructor(private readonly store: SpanStore) {}

  /** The latest executions of a statement. */
  @Get('spans')
  @ApiProblems('invalid-request')
  spans(@Query() { statement, failed }: FindSpansDto): ExecutionView[] {
    const wanted = (status: string) => failed !== 'true' || status === 'ERROR';
    return this.store
      .latest((span) => databaseCall(span)?.statement === statement && wanted(span.status), MOST_SPANS)
      .map((span) => ({ ...spanView(span), traceSpans: this.store.trace(span.traceId).length }));
  }

  /** All spans of a trace that are still kept, the first started first. */
  @Get('traces/:traceId')
  @ApiProblems('not-found')
  trace(@Param('traceId') traceId: string): SpanView[] {
    const spans = this.store.trace(traceId);
    if (spans.length === 0) throw new Problem('not-found', 'No span of this trace is kept any more.');
    return spans.map(spanView);
  }
}
