import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { accessLine, slow, start } from './support.js';

test('closing lets a request under way finish and takes no other', async () => {
  const running = await start();
  let open = () => {};
  slow.gate = new Promise((resolve) => {
    open = resolve;
  });
  const started = new Promise<void>((resolve) => {
    slow.started = resolve;
  });
  const answer = running.ask('{ slow }');
  await started;
  const closed = running.server.close(20_000);
  await expect(running.ask('{ me }')).rejects.toThrow();
  open();
  expect((await answer).body).toEqual({ data: { slow: 'at last' } });
  await closed;
});

test('closing breaks off what does not finish in time', async () => {
  const running = await start();
  slow.gate = new Promise(() => {});
  const started = new Promise<void>((resolve) => {
    slow.started = resolve;
  });
  const answer = running.ask('{ slow }').catch((error: unknown) => error);
  await started;
  await running.server.close(1);
  expect(await answer).toBeInstanceOf(Error);
  expect((await accessLine(running)).aborted).toBe(true);
});

test('a connection that says nothing does not hold up the end for ever', async () => {
  const { url, server } = await start();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  await server.close(1);
  await ended;
});

test('a port in use is one clear sentence', async () => {
  const { url, server } = await start();
  const port = Number(new URL(url).port);
  const other = await start();
  await other.server.close(0);
  await expect(other.server.listen('127.0.0.1', port)).rejects.toThrow(
    `port ${port} of 127.0.0.1 is in use: stop what listens there or set PORT to another`,
  );
  await server.close(0);
});

test('a caller who goes away is noted, and is not an error of ours', async () => {
  const running = await start();
  let open = () => {};
  slow.gate = new Promise((resolve) => {
    open = resolve;
  });
  const started = new Promise<void>((resolve) => {
    slow.started = resolve;
  });
  const aborting = new AbortController();
  const init = { signal: aborting.signal };
  const answer = running.get('/graphql?query={slow}', init).catch((error: unknown) => error);
  await started;
  aborting.abort();
  await answer;
  expect((await accessLine(running)).aborted).toBe(true);
  open();
  await running.ask('{ me }');
  expect(running.logged.filter(({ level }) => level >= 40)).toEqual([]);
});
