import { Controller, Get } from '@nestjs/common';

/** For probes: the page can be had, whatever the services and the database do. */
@Controller('health')
export class HealthController {
  @Get(['', 'live', 'ready'])
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
