// A small service as anybody would write it: Express and pg, with nothing of OpenTelemetry in it.
const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: 1,
  connectionTimeoutMillis: 400,
});
const app = express();

app.get('/users/:id', async (request, response) => {
  const { rows } = await pool.query('SELECT id, name FROM users WHERE id = $1', [request.params.id]);
  response.status(rows[0] ? 200 : 404).json(rows[0] ?? {});
});
app.get('/jane', async (_request, response) => {
  const { rows } = await pool.query("SELECT id FROM users WHERE name = 'Jane'");
  response.json(rows);
});
app.get('/slow', async (_request, response) => {
  await pool.query('SELECT pg_sleep($1)', [1]);
  response.end();
});
app.get('/broken', async (_request, response) => {
  await pool.query('SELECT nothing FROM users WHERE id = $1', [1]);
  response.end();
});
app.use((error, _request, response, _next) => {
  response.status(500).json({ error: error.message });
});
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
