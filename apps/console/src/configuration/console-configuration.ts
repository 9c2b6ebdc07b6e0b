import { ALL_SERVICES, CONSOLE, DatabaseAccess, type UrlVariable, urlVariable } from '@app/configuration';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
} from 'class-validator';

/** Inside a cluster a host has no dot and a port is always there. */
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

class EachService extends DatabaseAccess {
  constructor() {
    super();
    for (const { key, port } of ALL_SERVICES)
      Object.assign(this, { [urlVariable(key)]: `http://localhost:${port}` });
  }
}

for (const { key } of ALL_SERVICES) IsUrl(HTTP_URL)(EachService.prototype, urlVariable(key));

/** With the base URLs of the services: `PRODUCT_URL` and so on, one for each. */
const ServiceUrls = EachService as new () => DatabaseAccess & Record<UrlVariable, string>;

/**
 * All that can be configured, under the names of the environment variables. Inject it by this class. The console logs
 * in as the control role only.
 */
export class ConsoleConfiguration extends ServiceUrls {
  /** TCP port of the page; 0 lets the system choose one. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT: number = CONSOLE.port;

  /** Address the page binds to, as for the services: `::` is every one, `localhost` loopback of both families. It can switch faults on: nobody else's business on a laptop. */
  @IsNotEmpty()
  LISTEN_ADDRESS = 'localhost';

  /** TCP port of the OTLP/HTTP receiver; 0 lets the system choose one. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  CONSOLE_OTLP_PORT: number = CONSOLE.otlpPort;

  /** Address the receiver binds to, written like LISTEN_ADDRESS. */
  @IsNotEmpty()
  CONSOLE_OTLP_ADDRESS = 'localhost';

  /** Sent to the services with each change of a fault. */
  @IsOptional()
  @IsString()
  CHAOS_TOKEN?: string;

  /** Where a trace is to be seen elsewhere, with {trace_id} in place of its id; the page links there. */
  @IsOptional()
  @Matches(/^https?:\/\/.*\{trace_id\}/, {
    message: 'CONSOLE_TRACE_URL must begin with http:// or https:// and have {trace_id} in it',
  })
  CONSOLE_TRACE_URL?: string;

  /** Arrivals per second of the load at start; 0 starts it paused. */
  @IsNumber()
  @Min(0)
  @Max(200)
  CONSOLE_LOAD_RATE = 5;

  /** Folder in which the folders of runs are kept, each by a scenario that was played. */
  @IsNotEmpty()
  CONSOLE_RUNS_DIR = '.data/runs';

  /** Least severe log line that is written. */
  @IsIn(['error', 'warn', 'log', 'debug'])
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' = 'log';
}
