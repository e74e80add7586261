/**
 * Subscribes so many times over server-sent events, and counts what it is told. In a process of its own, so that what
 * reading costs is nobody else's.
 */
import { connect, type Socket } from 'node:net';

/** What it is told to do: subscribe, with one of the tokens after the other; or to say when it was told so many events in all. */
export type Order =
  | { readonly kind: 'subscribe'; readonly url: string; readonly tokens: readonly string[] }
  | { readonly kind: 'expect'; readonly events: number };

/** That it has been told so many, and when, in milliseconds since 1970; or why it cannot be. */
export type Word =
  | { readonly kind: 'told'; readonly at: number }
  | { readonly kind: 'failed'; readonly reason: string };

const MARK = 'event: next';
/** So many connect at once. */
const AT_ONCE = 50;

let told = 0;
let expected: number | undefined;

const say = (word: Word): void => void process.send?.(word);

function count(more: number): void {
  told += more;
  if (expected === undefined || told < expected) return;
  expected = undefined;
  say({ kind: 'told', at: performance.timeOrigin + performance.now() });
}

process.on('message', (order: Order) => {
  if (order.kind === 'expect') {
    expected = order.events;
    count(0);
    return;
  }
  subscribeAll(order).catch((error: Error) => say({ kind: 'failed', reason: error.message }));
});
process.on('disconnect', () => process.exit());

async function subscribeAll({ url, tokens }: Extract<Order, { kind: 'subscribe' }>): Promise<void> {
  const left = [...tokens];
  const one = async (): Promise<void> => {
    for (let token = left.pop(); token !== undefined; token = left.pop()) {
      await subscribe(new URL(url), token);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Resolves once the subscription has said that it began. */
function subscribe({ hostname, port }: URL, token: string): Promise<void> {
  const body = JSON.stringify({ query: 'subscription { changed(types: ["form"]) { kind id } }' });
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(port), hostname);
    let tail = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const parts = (tail + text).split(MARK);
      tail = parts.at(-1)?.slice(1 - MARK.length) ?? '';
      if (parts.length > 1) resolve();
      count(parts.length - 1);
    });
    const broken = (why: string): void => {
      say({ kind: 'failed', reason: `a subscription ended: ${why}` });
      reject(new Error(why));
    };
    socket.on('error', ({ message }) => broken(message)).on('close', () => broken('it was closed'));
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\naccept: text/event-stream\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
}
