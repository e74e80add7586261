import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.js';
import { type Fault, underLoad } from './fault.js';
import { OPERATION_MS } from './load.js';
import type { Scene } from './scene.js';

const EACH = 500;
/** They come by and by: at once they would be a flood, which is another thing. */
const A_SECOND = 25;
/** The time that the gateway gives them. */
const PATIENCE_MS = 20_000;
/** Node looks for late requests every 30 seconds at most. */
const CUT_OFF_MS = 2 * PATIENCE_MS + 40_000;

export const slowClients: Fault = {
  name: 'slow-clients',
  says: `${EACH} clients do not read their answers, and ${EACH} send their requests a byte at a time`,
  run: ({ ground }) =>
    underLoad(ground, {
      settings: {
        HEIMDALL_SEND_TIMEOUT_MS: String(PATIENCE_MS),
        HEIMDALL_HEADERS_TIMEOUT_MS: String(PATIENCE_MS),
        HEIMDALL_REQUEST_TIMEOUT_MS: String(PATIENCE_MS),
        HEIMDALL_KEEP_ALIVE_MS: String(PATIENCE_MS),
      },
      excuse: { codes: ['UNAVAILABLE'] },
      async happen(scene, { url }) {
        await plantLarge(scene, url);
        const sockets: Socket[] = [];
        while (sockets.length < 2 * EACH) {
          for (let nth = 0; nth < A_SECOND; nth += 1) {
            sockets.push(slowReader(scene, url), slowWriter(scene, url));
          }
          await sleep(1_000);
        }
        const left = () => sockets.filter(({ closed }) => !closed).length;
        for (const end = Date.now() + CUT_OFF_MS; Date.now() < end; await sleep(250)) {
          if (left() === 0) break;
        }
        if (left() > 0) scene.tally.blame(`${left()} slow clients were never cut off`);
        const cutOff = sockets.length - left();
        for (const socket of sockets) socket.destroy();
        return `${cutOff} cut off`;
      },
    }),
};

function opened(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => {});
}

const head = (token: string, length: number): string =>
  `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${length}\r\n\r\n`;

/** Several times, it is more than the buffers between two ends hold. */
const LARGE = 'x'.repeat(200_000);
const QUESTION = JSON.stringify({
  query: `{ ${Array.from({ length: 25 }, (_, n) => `a${n}: configByKey(key: "large") { value }`).join(' ')} }`,
});

async function plantLarge({ planted, tally }: Scene, url: string): Promise<void> {
  const query =
    'mutation ($input: CreateConfigInput!) { createConfig(input: $input) { config { id } } }';
  const input = { key: 'large', type: 'STRING', value: LARGE };
  const asked = { token: planted.tokens.will, query, variables: { input } };
  const outcome = await ask(url, asked, 2 * OPERATION_MS);
  if (outcome.kind !== 'answered') tally.blame(`nothing large: ${JSON.stringify(outcome)}`);
}

/** Asks for much, and reads no byte of it. */
function slowReader({ planted }: Scene, url: string): Socket {
  const socket = opened(url);
  socket.pause();
  socket.write(head(planted.tokens.wanda, Buffer.byteLength(QUESTION)) + QUESTION);
  // Who is paused learns of the end by writing; empty lines before a request are nothing.
  every(socket, '\r\n');
  return socket;
}

/** Sends a byte a second of a request that it says is long. */
function slowWriter({ planted }: Scene, url: string): Socket {
  const socket = opened(url);
  socket.resume();
  socket.write(head(planted.tokens.ada, 10_000));
  every(socket, ' ');
  return socket;
}

function every(socket: Socket, text: string): void {
  const writing = setInterval(() => socket.write(text), 1_000);
  socket.once('close', () => clearInterval(writing));
}
