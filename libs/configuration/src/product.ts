import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const PACKAGE = packageJson();

/** The folder of package.json: uncompiled files (SQL, data) are found below it, in a checkout and in an image. */
export const PRODUCT_ROOT = dirname(PACKAGE);

/** Version of the product, which all services share. */
export const VERSION: string = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version;

function packageJson(): string {
  const path = findPackageJSON(pathToFileURL(__filename));
  if (!path) throw new Error(`there is no package.json above ${__filename}`);
  return path;
}
