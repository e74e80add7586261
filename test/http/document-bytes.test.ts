import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/http/document-cache.js';
import { start } from './support.js';

/** How many bytes are in use, once everything that nobody holds is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Some 19 KB of a valid document that is like no other. */
function large(index: number): string {
  const fields = Array.from({ length: 900 }, (_, n) => `alias_${index}_${n}: __typename`);
  return `{ ${fields.join(' ')} }`;
}

// Measured in a process that nothing else is in: what another file held would be let go meanwhile.
describe('10.1 the bytes of documents', () => {
  it('are estimated at no less than they take', () => {
    const texts = Array.from(
      { length: 20 },
      (_, index) => `query Q${index} {${' a'.repeat(4000)} }`,
    );
    const before = heldBytes();
    const documents = texts.map((text) => parse(text));
    const taken = heldBytes() - before;
    const estimated = documents.reduce((sum, one, n) => sum + bytesOf(texts[n] ?? '', one), 0);
    expect(estimated).toBeGreaterThan(taken);
    expect(estimated).toBeLessThan(taken * 3);
  });

  it('are gone after the answer where nobody said who asked', async () => {
    const running = await start();
    const flood = async (from: number) => {
      for (let index = from; index < from + 30; index += 1) {
        expect((await running.ask(large(index))).status).toBe(200);
      }
    };
    await flood(0);
    const before = heldBytes();
    await flood(1_000);
    expect(heldBytes() - before).toBeLessThan(10_000_000);
  }, 60_000);
});
