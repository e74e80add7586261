import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { unavailable } from '../../src/errors.js';
import { slow, start } from './support.js';

/** A connection whose answers nobody reads. */
function connected(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).pause();
}

function request(query: string, variables: object = {}): string {
  const body = JSON.stringify({ query, variables });
  return `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

/** What requests hold, as their contexts hear of it. */
function holding() {
  const held = { open: 0, bytes: 0 };
  const contextFor = async () => {
    held.open += 1;
    let bytes = 0;
    return {
      me: 'mia',
      hold: (more: number) => {
        bytes += more;
        held.bytes += more;
      },
      release: () => {
        held.open -= 1;
        held.bytes -= bytes;
      },
    };
  };
  return { held, contextFor };
}

const ALIASES = Array.from({ length: 9 }, (_, n) => `a${n}: text(is: $is)`).join(' ');
/** Some 8 MB: more than the buffers between two ends hold. */
const LARGE = request(`query ($is: String!) { ${ALIASES} }`, { is: 'x'.repeat(900_000) });

describe('10.3 answers that nobody reads', () => {
  it('hold nothing when their caller has gone, however many wait behind one another', async () => {
    const { held, contextFor } = holding();
    const running = await start({ contextFor });
    let open = () => {};
    slow.gate = new Promise((resolve) => {
      open = resolve;
    });
    let started = 0;
    slow.started = () => {
      started += 1;
    };
    const socket = connected(running.url);
    socket.write(request('{ slow }').repeat(20));
    await until(() => expect(started).toBe(20));
    expect(held.open).toBe(20);
    socket.destroy();
    await until(() => expect(held.open).toBe(0));
    open();
    await until(() => {
      const lines = running.logged.filter(({ msg }) => msg === 'request');
      expect(lines).toHaveLength(20);
      expect(lines.every(({ aborted }) => aborted)).toBe(true);
    });
  });

  it('are counted by what is sent until it has gone', async () => {
    const { held, contextFor } = holding();
    const running = await start({ contextFor });
    const socket = connected(running.url);
    socket.write(LARGE);
    await until(() => expect(held.bytes).toBeGreaterThan(8_000_000));
    socket.resume();
    await until(() => expect(held.bytes).toBe(0));
    socket.destroy();
  });

  it('are not sent where others hold too much', async () => {
    const contextFor = async () => ({
      hold: () => {
        throw unavailable(new Error('others hold too much'));
      },
    });
    const running = await start({ contextFor });
    const { status, body } = await running.ask('{ text(is: "a") }');
    expect([status, body.errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
  });

  it('are given up when their time is over', async () => {
    const { held, contextFor } = holding();
    const running = await start({ contextFor, limits: { sendMs: 300 } });
    const socket = connected(running.url);
    socket.on('error', () => {});
    socket.write(LARGE);
    await until(() => expect(held.bytes).toBeGreaterThan(8_000_000));
    await until(() => expect(held.open).toBe(0));
    socket.destroy();
  });
});
