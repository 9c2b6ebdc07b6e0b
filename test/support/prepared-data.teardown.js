const { rmSync } = require('node:fs');

module.exports = () => rmSync(process.env.TEST_PREPARED_DATA, { recursive: true, force: true });
