// Serves module.exports.handle (or module.exports itself) of a function in the shape of func: handle(context, body).
'use strict';
const http = require('http');
const path = require('path');

const folder = __dirname;
const manifest = (() => { try { return require(path.join(folder, 'package.json')); } catch { return {}; } })();
const made = require(path.join(folder, manifest.main || 'index.js'));
const handle = typeof made === 'function' ? made : made.handle;
if (typeof handle !== 'function') {
  console.error('index.js exports no function: module.exports = { handle: async (context, body) => … }');
  process.exit(1);
}

const LIMIT = 16 * 1024 * 1024;
const level = name => (...words) => console.log(name, ...words);
const log = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map(name => [name, level(name)]));

function eventOf(headers, body) {
  const type = headers['content-type'] || '';
  if (type.startsWith('application/cloudevents+json')) return body;
  if (!headers['ce-specversion']) return undefined;
  const event = { data: body, datacontenttype: headers['content-type'] };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) event[name.slice(3)] = decodeURIComponent(value);
  }
  return event;
}

function bodyOf(headers, bytes) {
  if (bytes.length === 0) return undefined;
  const type = headers['content-type'] || '';
  if (/[/+]json/.test(type)) return JSON.parse(bytes.toString('utf8'));
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
  return type.startsWith('application/octet-stream') ? bytes : bytes.toString('utf8');
}

function send(response, result) {
  let status = 200, headers = {}, body = result;
  if (result && typeof result === 'object' && !Buffer.isBuffer(result) && ('statusCode' in result || 'headers' in result || 'body' in result)) {
    status = result.statusCode || 200;
    headers = result.headers || {};
    body = result.body;
  }
  if (body === undefined || body === null) {
    response.writeHead(result === undefined ? 204 : status, headers).end();
    return;
  }
  const names = Object.keys(headers).map(name => name.toLowerCase());
  if (typeof body === 'object' && !Buffer.isBuffer(body)) {
    if (!names.includes('content-type')) headers = { ...headers, 'content-type': 'application/json; charset=utf-8' };
    body = JSON.stringify(body);
  } else if (!Buffer.isBuffer(body)) {
    if (!names.includes('content-type')) headers = { ...headers, 'content-type': 'text/plain; charset=utf-8' };
    body = String(body);
  }
  response.writeHead(status, headers).end(body);
}

// What the function is called with; throws where the request is at fault.
function contextOf(request, bytes) {
  const url = new URL(request.url, 'http://localhost');
  const body = bodyOf(request.headers, bytes);
  return {
    method: request.method,
    headers: request.headers,
    query: Object.fromEntries(url.searchParams),
    body,
    httpVersion: request.httpVersion,
    httpVersionMajor: request.httpVersionMajor,
    httpVersionMinor: request.httpVersionMinor,
    cloudevent: eventOf(request.headers, body),
    log,
  };
}

async function serve(request, response) {
  if (request.method === 'GET' && request.url.startsWith('/health/')) return response.writeHead(200).end('OK');
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > LIMIT) return response.writeHead(413).end();
    pieces.push(piece);
  }
  let context;
  try {
    context = contextOf(request, Buffer.concat(pieces));
  } catch (problem) {
    return response.writeHead(400).end('the request is malformed: ' + problem.message + '\n');
  }
  const event = context.cloudevent;
  send(response, await handle(context, event ? event.data : context.body));
}

const server = http.createServer((request, response) => {
  serve(request, response).catch(problem => {
    console.error(`request ${request.method} ${request.url} failed:`, problem);
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('the function has failed; its log says more\n');
  });
});
const port = Number(process.env.PORT || 8080);
server.listen(port, process.env.WEFT_LISTEN_ADDRESS || undefined, () => console.log('listening on ' + port));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
