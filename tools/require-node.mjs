// This runs on whatever Node.js the system has, so it may contain nothing newer than Node.js 18.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(
    `This runs on Node.js ${process.versions.node}, and needs 24.9 or newer. npm ci brings one along, unless install scripts are ` +
      'skipped: run `npm ci` again, without --ignore-scripts (npm config get ignore-scripts says whether that is set).\n',
  );
  process.exit(1);
}
