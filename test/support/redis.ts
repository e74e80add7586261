import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** Whether there is a Redis to start; where there is none, tests that need one are skipped. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of a test's own, which keeps nothing. */
export interface RedisProcess {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function redisProcess(): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'heimdall-redis-'));
  const port = await freePort();
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  let end = async (): Promise<void> => {};
  const start = async (): Promise<void> => {
    const process = spawn('redis-server', [...where, '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => process.once('exit', () => resolve()));
    end = async () => {
      process.kill('SIGKILL');
      await ended;
    };
    while (!(await isListening(port))) await setTimeout(10);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop: () => end(),
    async remove() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What lies between a client and a Redis, and can hang: it goes on accepting and says nothing. */
export interface Hangable {
  readonly url: string;
  hang(isHanging: boolean): void;
  /** What came while it hung. */
  swallowed(): readonly string[];
  close(): void;
}

export async function hangable(url: string): Promise<Hangable> {
  let isHanging = false;
  const swallowed: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const redis = createConnection(Number(new URL(url).port), '127.0.0.1');
    for (const one of [socket, redis]) {
      open.add(one);
      one.on('error', () => {}).once('close', () => open.delete(one));
    }
    socket.on('data', (data) => {
      if (isHanging) swallowed.push(data.toString());
      else redis.write(data);
    });
    redis.on('data', (data) => void (isHanging || socket.write(data)));
    socket.once('close', () => redis.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    hang(hangs) {
      isHanging = hangs;
    },
    swallowed: () => swallowed,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
