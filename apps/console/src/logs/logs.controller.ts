import { Controller, Get, Param } from '@nestjs/common';
import { LogStore, type LogView } from './log-store';

@Controller('api/traces/:traceId/logs')
export class LogsController {
  constructor(private readonly logs: LogStore) {}

  /** Log records of a trace that are still kept, the first one first. */
  @Get()
  ofTrace(@Param('traceId') traceId: string): LogView[] {
    return this.logs.ofTrace(traceId);
  }
}
