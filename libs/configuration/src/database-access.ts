import { IsIn, IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';

/** What every process is told about the one database. */
export class DatabaseAccess {
  /** Host name or address of PostgreSQL. */
  @IsNotEmpty()
  DB_HOST = 'localhost';

  /** TCP port of PostgreSQL. */
  @IsInt()
  @Min(1)
  @Max(65_535)
  DB_PORT = 5432;

  /** Database of the services. */
  @IsNotEmpty()
  DB_NAME = 'productcatalog';

  /** Role of the services' pools; its CONNECTION LIMIT is the shared budget. */
  @IsNotEmpty()
  DB_USER = 'dbadmin';

  /** Role of the one control connection of each process, outside the budget. */
  @IsNotEmpty()
  DB_CONTROL_USER = 'dbcontrol';

  /** Password of DB_CONTROL_USER. */
  @IsString()
  DB_CONTROL_PASSWORD = '';

  /** TLS towards PostgreSQL: off, on without checking the certificate, or on with the check. */
  @IsIn(['disable', 'require', 'verify-full'])
  DB_SSL: 'disable' | 'require' | 'verify-full' = 'disable';

  /**
   * Connections the role may hold. The set-up gives the role this limit; where the
   * role has another one, that of the role counts.
   */
  @IsInt()
  @Min(1)
  @Max(10_000)
  DB_CONNECTION_BUDGET = 100;
}
