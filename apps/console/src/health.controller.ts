import { LostLogLines } from '@app/lifecycle';
import { Controller, Get } from '@nestjs/common';

interface ConsoleHealth {
  status: 'ok';
  /** Lines of its log that could not be written, and why. */
  log: { lost: number; reason?: string };
}

/** For probes: the page is available, whatever the services and the database do. */
@Controller('health')
export class HealthController {
  constructor(private readonly lost: LostLogLines) {}

  /** Whether the page can be had, and its log be written. */
  @Get(['', 'live', 'ready'])
  health(): ConsoleHealth {
    return { status: 'ok', log: { lost: this.lost.count, reason: this.lost.reason } };
  }
}
