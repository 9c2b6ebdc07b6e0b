import { ApiProblems, Problem } from '@app/problem';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Response } from 'express';
import type { Choice } from '../catalog/catalog';
import { READINGS, type Reading } from '../catalog/totals';
import { LiveFeed } from './live-feed';
import { type LiveView, LiveViews } from './live-view';

class ChoiceDto {
  /** Minutes. */
  @Transform(({ value }) => Number(value))
  @IsIn([1, 5, 15])
  readonly window: number = 5;

  /** Whose details are shown; the demo's own unless told. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly database?: string;

  /** How times are read. */
  @IsIn(READINGS)
  readonly reading: Reading = 'measured';
}

@Controller('api')
export class LiveController {
  constructor(
    private readonly feed: LiveFeed,
    private readonly views: LiveViews,
  ) {}

  /** The page's figures as a stream of events: `budget` twice a second, `view` once. */
  @Get('live')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems('invalid-request', 'not-ready')
  live(@Query() choice: ChoiceDto, @Res() response: Response): void {
    if (!this.feed.add(response, choiceOf(choice)))
      throw new Problem('not-ready', 'Too many viewers look at this console.');
  }

  /** The same figures once, for programs. */
  @Get('view')
  @ApiProblems('invalid-request')
  view(@Query() choice: ChoiceDto): LiveView {
    return this.views.view(choiceOf(choice));
  }
}

function choiceOf({ window: windowMinutes, database, reading }: ChoiceDto): Choice {
  return { windowMinutes, database, reading };
}
