import { Configuration } from '@app/configuration';
import { SchemaCheck } from '@app/database';
import { Shutdown } from '@app/lifecycle';
import { ApiProblems } from '@app/problem';
import { Controller, Get, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { Response } from 'express';
import { HealthDocument, ServerConnections, ServiceConnections } from './dto/health-document.dto';
import { Liveness, Readiness } from './dto/probe.dto';
import { HealthReport } from './health-report';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly report: HealthReport,
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly schema: SchemaCheck,
    private readonly shutdown: Shutdown,
    private readonly configuration: Configuration,
  ) {}

  /** Status of the service with the shared connection pool as PostgreSQL counts it. 503 when down. */
  @Get()
  @ApiOperation({ summary: 'The health document: shared pool, own pool, faults' })
  @ApiExtraModels(ServerConnections, ServiceConnections)
  @ApiOkResponse({ type: HealthDocument, description: 'It can serve' })
  @ApiServiceUnavailableResponse({
    type: HealthDocument,
    description: 'It is down; the same document says why',
  })
  health(@Res({ passthrough: true }) response: Response): HealthDocument {
    const document = this.report.document();
    response.status(document.status === 'down' ? 503 : 200);
    return document;
  }

  /** For the liveness probe: the process answers. Never asks the database, or its trouble would restart every pod. */
  @Get('live')
  @ApiOperation({ summary: 'Liveness: the process answers' })
  @ApiOkResponse({ type: Liveness })
  live(): Liveness {
    return { status: 'ok' };
  }

  /**
   * For the readiness probe. A saturated pool leaves it on: else all replicas would leave their Service at once, and
   * nobody could reach /demo/reset. READINESS_MODE=strict shows just that.
   */
  @Get('ready')
  @HealthCheck({ swaggerDocumentation: false })
  @ApiOperation({ summary: 'Readiness: started, schema seen, not stopping' })
  @ApiOkResponse({ type: Readiness })
  @ApiProblems('not-ready')
  ready(): Promise<Readiness> {
    const lenient = [() => this.notStopping(), () => this.schemaSeen()];
    const strict = this.configuration.READINESS_MODE === 'strict' ? [() => this.poolUsable()] : [];
    return this.checks.check([...lenient, ...strict]);
  }

  private notStopping() {
    const process = this.indicators.check('process');
    return this.shutdown.started ? process.down('stopping') : process.up();
  }

  private async schemaSeen() {
    const schema = this.indicators.check('schema');
    const seen = await this.schema.check().catch(() => false);
    return seen
      ? schema.up()
      : schema.down('not seen yet: is the database reachable, and has its set-up run?');
  }

  private poolUsable() {
    const pool = this.indicators.check('connection_pool');
    const obstacle = this.report.obstacle();
    return obstacle ? pool.down(obstacle) : pool.up();
  }
}
