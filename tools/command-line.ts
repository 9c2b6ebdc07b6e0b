/**
 * For a program without arguments: answers `--help`, and refuses what it would otherwise silently ignore.
 *
 * @returns whether that was all there is to do
 */
export function onlyHelp(help: string): boolean {
  const [first] = process.argv.slice(2);
  if (first === undefined) return false;
  if (first === '--help' || first === '-h') {
    process.stdout.write(`${help}\n`);
  } else {
    process.stderr.write(`unknown argument ${first}\n\n${help}\n`);
    process.exitCode = 2;
  }
  return true;
}
