import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../scripts/faults/ask.js';
import { Ledger } from '../../scripts/faults/ledger.js';
import { judged, questions } from '../../scripts/faults/questions.js';
import { Register } from '../../scripts/faults/register.js';
import { Tally } from '../../scripts/faults/tally.js';
import { type Planted, plant } from '../../scripts/faults/world.js';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { gatewayWith } from '../support/gateway.js';

const DONE: Outcome = { kind: 'answered', data: {} };
const UNDONE: Outcome = { kind: 'refused', code: 'UNAVAILABLE', retryable: true };
const UNKNOWN: Outcome = { kind: 'refused', code: 'UNAVAILABLE', retryable: false };
const BROKEN: Outcome = { kind: 'broken', why: 'other side closed' };

describe('a value that is written', () => {
  const possibleAfter = async (outcome: Outcome) => {
    const register = new Register('old');
    await register.write('new', async () => outcome);
    return [...register.possible];
  };

  it('is what was acknowledged, or what it was, or nobody knows', async () => {
    expect(await possibleAfter(DONE)).toEqual(['new']);
    expect(await possibleAfter(UNDONE)).toEqual(['old']);
    expect(await possibleAfter(UNKNOWN)).toEqual(['old', 'new']);
    expect(await possibleAfter(BROKEN)).toEqual(['old', 'new']);
  });

  it('may be either for who reads meanwhile, and not for who begins afterwards', async () => {
    const register = new Register('old');
    const early = register.watch();
    await register.write('new', async () => DONE);
    expect([...early.values]).toEqual(['old', 'new']);
    expect([...register.watch().values]).toEqual(['new']);
  });
});

describe('the tally', () => {
  const added = (tally: Tally, outcome: Outcome) => {
    tally.add(outcome, performance.now(), undefined);
    return tally.wrongs;
  };

  it('excuses no failure before a fault, and in one what belongs to it', () => {
    expect(added(new Tally(), UNDONE)).toBe(1);
    const tally = new Tally();
    tally.begin({ codes: ['UNAVAILABLE'] });
    expect(added(tally, UNDONE)).toBe(0);
    expect(added(tally, { kind: 'refused', code: 'FORBIDDEN', retryable: undefined })).toBe(1);
    expect(added(tally, BROKEN)).toBe(2);
  });

  it('excuses none that begins after the time to recover', () => {
    const tally = new Tally();
    tally.begin({ codes: ['UNAVAILABLE'] });
    tally.over();
    tally.add(UNDONE, performance.now() + 4_000, undefined);
    expect(tally.wrongs).toBe(0);
    tally.add(UNDONE, performance.now() + 6_000, undefined);
    expect(tally.wrongs).toBe(1);
  });
});

describe('the questions', () => {
  let planted: Planted;
  const shared = gatewayWith(async ({ client }) => {
    planted = await plant({ client });
    return planted;
  });

  it('are answered right by a gateway that nothing happens to', async () => {
    for (const { asked, begin } of questions(planted)) {
      const judge = begin();
      const response = await fetch(`${shared.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${asked.token}` },
        body: JSON.stringify({ query: asked.query, variables: asked.variables }),
      });
      const { data } = (await response.json()) as { data: Record<string, unknown> };
      expect(judged({ kind: 'answered', data }, judge)).toBeUndefined();
    }
  });

  it('tell a wrong answer', () => {
    for (const { begin } of questions(planted)) {
      expect(judged({ kind: 'answered', data: { forms: null } }, begin())).toContain('instead of');
    }
  });
});

describe('the ledger', () => {
  let database: Database;
  let planted: Planted;
  beforeAll(async () => {
    database = await freshDatabase();
    planted = await plant(database);
  });
  afterAll(() => database?.close());

  const wrong = (ledger: Ledger) => ledger.wrong(database.sql, planted);
  const make = async (name: string, entries = 1) => {
    const { organizationId, scopeId } = await database.client.config.findFirstOrThrow();
    await database.client.form.create({ data: { name, organizationId, scopeId } });
    for (let nth = 0; nth < entries; nth += 1) {
      await database.sql.query(
        `INSERT INTO audit_entry (actor_kind, actor_label, is_switched, action, resource_type, outcome, "after")
         VALUES ('USER', 'a test', false, 'form:create', 'form', 'PERMITTED', jsonb_build_object('name', $1::text))`,
        [name],
      );
    }
  };

  it('finds what was lost, made all the same, half, or by nobody', async () => {
    const ledger = new Ledger();
    expect(await wrong(ledger)).toEqual([]);
    ledger.plain('plain lost', DONE);
    expect(await wrong(ledger)).toEqual(['plain lost was acknowledged, and is lost']);
    await make('plain lost');
    expect(await wrong(ledger)).toEqual([]);
    await make('plain undone');
    expect(await wrong(ledger)).toEqual(['nobody was told of plain undone']);
    ledger.plain('plain undone', UNDONE);
    expect(await wrong(ledger)).toEqual(['plain undone was refused, and was made']);
    ledger.plain('plain undone', UNKNOWN);
    ledger.once('once half', BROKEN);
    await make('once half', 0);
    expect(await wrong(ledger)).toEqual(['once half: 1 rows and 0 entries']);
  });

  it('finds a value that nobody can have written', async () => {
    const ledger = new Ledger();
    const before = await wrong(ledger);
    const [counter] = planted.counters;
    await counter?.value.write('1', async () => DONE);
    const told = (await wrong(ledger)).filter((one) => !before.includes(one));
    expect(told).toEqual(['counter 0 is 0 instead of 1']);
    await planted.isGiven.write(true, async () => DONE);
    expect(await wrong(ledger)).toContain('the role is taken away, and was not acknowledged so');
  });
});
