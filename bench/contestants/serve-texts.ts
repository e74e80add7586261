/** Answers over bare node:http: a known document, and the text that somebody has for it. */
import { createServer, type IncomingMessage } from 'node:http';
import { announce } from './announce.js';
import { USER_HEADER, type WorkloadName } from './contestant.js';
import type { Statements } from './floor-statements.js';
import { DOCUMENTS } from './heimdall-requests.js';

interface Body {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const workloads = new Map(
  Object.entries(DOCUMENTS).map(([name, document]) => [document, name as WorkloadName]),
);

/** Serves what `statements` answer, and closes them at the end. */
export function serveTexts(statements: Statements): void {
  const server = createServer(async (request, response) => {
    try {
      const { query, variables = {} } = JSON.parse(await bodyOf(request)) as Body;
      const workload = workloads.get(query);
      if (workload === undefined) return void response.writeHead(400).end('unknown document');
      const text = await statements.ask(workload, String(request.headers[USER_HEADER]), variables);
      if (text === undefined) return void response.writeHead(401).end('unknown user');
      response
        .writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(text),
        })
        .end(text);
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  });
  announce(server, () => statements.close());
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
