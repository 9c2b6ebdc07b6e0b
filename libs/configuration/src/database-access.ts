import { IsIn, IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';

/** What every process is told about the one database. */
export class DatabaseAccess {
  /** Host name or address of PostgreSQL. */
  @IsNotEmpty()
  DB_HOST = 'localhost';

  @IsInt()
  @Min(1)
  @Max(65_535)
  DB_PORT = 5432;

  @IsNotEmpty()
  DB_NAME = 'productcatalog';

  /** Role of the services' pools; its CONNECTION LIMIT is the shared budget. */
  @IsNotEmpty()
  DB_USER = 'dbadmin';

  /** Role of the one control connection of each process, outside the budget. */
  @IsNotEmpty()
  DB_CONTROL_USER = 'dbcontrol';

  @IsString()
  DB_CONTROL_PASSWORD = '';

  /** TLS towards PostgreSQL: off, on without checking the certificate, or on with the check. */
  @IsIn(['disable', 'require', 'verify-full'])
  DB_SSL: 'disable' | 'require' | 'verify-full' = 'disable';

  /**
   * Connections the role may hold. Used where PostgreSQL itself sets no limit on the role; else the role's limit
   * is the figure.
   */
  @IsInt()
  @Min(1)
  @Max(10_000)
  DB_CONNECTION_BUDGET = 100;
}
