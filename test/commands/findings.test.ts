import { describe, expect, it } from 'vitest';
import { Findings } from '../../src/commands/findings.js';

const WORKING = { away: <T>(work: () => Promise<T>) => work(), ms: 10_000 };

describe('what a command finds out while it has no transaction open', () => {
  it('is asked for all at once, and known when it begins anew', async () => {
    const findings = new Findings();
    const done: string[] = [];
    const answer = await findings.complete(async () => {
      done.push('begun');
      const [a, b] = ['a', 'b'].map((name) =>
        findings.of(name, async () => {
          done.push(name);
          return name.toUpperCase();
        }),
      );
      findings.assertComplete();
      return `${a?.found}${b?.found}`;
    }, WORKING);
    expect(answer).toBe('AB');
    expect(done).toEqual(['begun', 'a', 'b', 'begun']);
  });

  it('INVARIANT: nothing is committed, and no refusal told, without it', async () => {
    const findings = new Findings();
    const work = async (): Promise<never> => {
      const isWrong = findings.of('a', async () => true)?.found === true;
      throw new Error(isWrong ? 'what is so' : 'what was assumed');
    };
    await expect(findings.complete(work, WORKING)).rejects.toThrow('what is so');
    findings.of('b', async () => true);
    expect(() => findings.assertComplete()).toThrow();
  });

  it('what throws is told, and tried no more', async () => {
    const findings = new Findings();
    let begun = 0;
    const work = async () => {
      begun += 1;
      findings.of('a', () => Promise.reject(new Error('too many wait')));
      findings.assertComplete();
    };
    await expect(findings.complete(work, WORKING)).rejects.toThrow('too many wait');
    expect(begun).toBe(1);
  });

  it('what asks for something else each time is given up', async () => {
    const findings = new Findings();
    let begun = 0;
    const work = async () => {
      begun += 1;
      findings.of(`${begun}`, async () => true);
      findings.assertComplete();
    };
    await expect(findings.complete(work, WORKING)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(begun).toBe(4);
  });

  it('all that is found out between two tries has one time', async () => {
    const findings = new Findings();
    const found: string[] = [];
    const work = async () => {
      for (const name of ['a', 'b']) findings.of(name, async () => found.push(name));
      findings.assertComplete();
    };
    const late = { ...WORKING, ms: -1 };
    await expect(findings.complete(work, late)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(found).toEqual([]);
  });
});
