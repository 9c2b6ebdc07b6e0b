import { Controller, Get, Headers, NotFoundException, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { ScrapeFormat } from './scrape-reader';
import { Telemetry } from './telemetry';

const CONTENT_TYPES: Record<ScrapeFormat, string> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};
const TEXT = { schema: { type: 'string' } } as const;

@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly telemetry: Telemetry) {}

  @Get()
  @ApiOperation({
    summary: 'All metrics for Prometheus: in its own text format, or in OpenMetrics with exemplars',
  })
  @ApiOkResponse({ content: { 'text/plain': TEXT, 'application/openmetrics-text': TEXT } })
  metrics(
    @Headers('accept') accepted: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    if (this.telemetry.disabled) throw new NotFoundException('OTEL_SDK_DISABLED is true for this service.');
    // Prometheus names the format and its version; a client that accepts anything gets what every tool reads.
    const format = accepted?.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';
    response.setHeader('Content-Type', CONTENT_TYPES[format]);
    return this.telemetry.scrape(format);
  }
}
