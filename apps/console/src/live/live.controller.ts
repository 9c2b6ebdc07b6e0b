import { Problem } from '@app/problem';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';
import type { Response } from 'express';
import { LiveFeed } from './live-feed';
import { type LiveView, LiveViews } from './live-view';

class WindowDto {
  /** Minutes. */
  @Transform(({ value }) => Number(value))
  @IsIn([1, 5, 15])
  readonly window: number = 5;
}

@Controller('api')
export class LiveController {
  constructor(
    private readonly feed: LiveFeed,
    private readonly views: LiveViews,
  ) {}

  /** The page's figures as a stream of events: `budget` twice a second, `view` once. */
  @Get('live')
  live(@Query() { window }: WindowDto, @Res() response: Response): void {
    if (!this.feed.add(response, window))
      throw new Problem('not-ready', 'Too many viewers look at this console.');
  }

  /** The same figures once, for programs. */
  @Get('view')
  view(@Query() { window }: WindowDto): LiveView {
    return this.views.view(window);
  }
}
