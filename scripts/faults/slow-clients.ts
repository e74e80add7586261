import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, underLoad } from './fault.js';
import type { Scene } from './scene.js';

const EACH = 500;
/** The time that the gateway gives them (HEIMDALL_SEND_TIMEOUT_MS, HEIMDALL_REQUEST_TIMEOUT_MS). */
const PATIENCE_MS = 6_000;
/** Node looks for late requests every 30 seconds at most. */
const CUT_OFF_MS = PATIENCE_MS + 35_000;

export const slowClients: Fault = {
  name: 'slow-clients',
  says: `${EACH} clients do not read their answers, and ${EACH} send their requests a byte at a time`,
  run: ({ ground }) =>
    underLoad(ground, {
      settings: {
        HEIMDALL_SEND_TIMEOUT_MS: String(PATIENCE_MS),
        HEIMDALL_HEADERS_TIMEOUT_MS: String(PATIENCE_MS),
        HEIMDALL_REQUEST_TIMEOUT_MS: String(PATIENCE_MS),
      },
      // Others do not notice them, and by the end none of them is left.
      excuse: { codes: [] },
      async happen(scene, { url }) {
        const sockets = [
          ...Array.from({ length: EACH }, () => slowReader(scene, url)),
          ...Array.from({ length: EACH }, () => slowWriter(scene, url)),
        ];
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

/** More than what the buffers between two ends hold, of a question that costs little. */
const LARGE = JSON.stringify({
  query: `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: forms { edges { node { id name description fields createdAt } } }`).join(' ')} }`,
});

/** Asks the same again and again without reading a byte of what is answered. */
function slowReader({ planted }: Scene, url: string): Socket {
  const socket = opened(url);
  socket.pause();
  const request = head(planted.tokens.ada, Buffer.byteLength(LARGE)) + LARGE;
  socket.write(request);
  // Who is paused notices an end only by writing.
  const asking = setInterval(() => socket.write(request), 1_000);
  socket.once('close', () => clearInterval(asking));
  return socket;
}

/** Sends a byte a second of a request that it says is long. */
function slowWriter({ planted }: Scene, url: string): Socket {
  const socket = opened(url);
  socket.resume();
  socket.write(head(planted.tokens.ada, 10_000));
  const writing = setInterval(() => socket.write(' '), 1_000);
  socket.once('close', () => clearInterval(writing));
  return socket;
}
