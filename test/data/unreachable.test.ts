import { describe, expect, it } from 'vitest';
import { isUnreachable, reached } from '../../src/data/clients/unreachable.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });
const caused = (cause: object) => Object.assign(new Error('x'), { cause });

describe('10.5 a database that is away', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a broken one', coded('ECONNRESET')],
    ['one that Prisma speaks of', coded('P1001')],
    ['none that was free in time', coded('P2024')],
    ['a transaction that began too late', coded('P2028')],
    ['the deadline of a statement', caused({ kind: 'postgres', originalCode: '57014' })],
    ['a server that is told to stop', caused({ kind: 'postgres', originalCode: '57P01' })],
    ['a server that starts', coded('57P03')],
    ['a lost connection', coded('08006')],
    ['no connection left', caused({ kind: 'TooManyConnections', originalCode: '53300' })],
    ['a socket that closed', caused({ kind: 'ConnectionClosed' })],
    ['what pg says of it', new Error('Connection terminated unexpectedly')],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
  ])('is UNAVAILABLE: %s', async (_, error) => {
    expect(isUnreachable(error)).toBe(true);
    await expect(reached(Promise.reject(error))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      cause: error,
    });
  });

  it.each([
    ['a broken rule', caused({ kind: 'postgres', originalCode: '23514' })],
    ['a column that is not there', coded('42703')],
    ['a deadlock', caused({ kind: 'TransactionWriteConflict', originalCode: '40P01' })],
    ['a row that is not there', coded('P2025')],
    ['an error of our own', new TypeError('x is not a function')],
    ['what is no error', 'ECONNREFUSED'],
  ])('is not: %s', async (_, error) => {
    await expect(reached(Promise.reject(error))).rejects.toBe(error);
  });
});
