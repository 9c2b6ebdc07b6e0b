import { ApiBodyProblems } from '@app/problem';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { ConsoleLoad, type LoadView } from './console-load';
import { LoadDto } from './load.dto';

@Controller('api/load')
export class LoadController {
  constructor(private readonly load: ConsoleLoad) {}

  /** Changes the load; answers with what it is then. */
  @Post()
  @HttpCode(200)
  @ApiBody({ type: LoadDto, required: false })
  @ApiBodyProblems()
  change(@Body() change: LoadDto): LoadView {
    this.load.set(change);
    return this.load.view;
  }
}
