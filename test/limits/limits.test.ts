import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EnvError, parseEnv } from '../../src/env.js';
import { DEFAULT_LIMITS, LIMITS } from '../../src/limits/limits.js';

const ALL = Object.entries(LIMITS);

describe('each limit', () => {
  it('has a default within its range, a sentence, and a variable of its own', () => {
    for (const [name, limit] of ALL) {
      expect(limit.default, name).toBeGreaterThanOrEqual(limit.least);
      expect(limit.default, name).toBeLessThanOrEqual(limit.greatest);
      expect(limit.meaning, name).toMatch(/^[A-Z][^\n]+\.$/);
    }
    const variables = ALL.map(([, { variable }]) => variable);
    expect(new Set(variables).size).toBe(variables.length);
  });

  it.each(ALL)('can be set: %s', (name, { variable, least, greatest }) => {
    // The others give way to whatever it is.
    const wide = {
      HEIMDALL_PAGE_SIZE: '1',
      HEIMDALL_MAX_PAGE_SIZE: '10000',
      HEIMDALL_HEADERS_TIMEOUT_MS: '100',
      HEIMDALL_REQUEST_TIMEOUT_MS: '3600000',
    };
    for (const value of [least, greatest]) {
      const { limits } = parseEnv({ ...wide, [variable]: String(value) });
      expect(limits).toEqual({ ...parseEnv(wide).limits, [name]: value });
    }
    const mistake = `${variable} must be a whole number from ${least} to ${greatest}`;
    for (const value of [least - 1, greatest + 1, 'x']) {
      expect(() => parseEnv({ ...wide, [variable]: String(value) })).toThrow(mistake);
    }
  });

  it('is in .env.example with its sentence, its range and its default', () => {
    const example = readFileSync('.env.example', 'utf8');
    const shown = (value: number) => value.toLocaleString('en');
    for (const [, { variable, meaning, least, greatest, unit, default: value }] of ALL) {
      expect(example).toContain(
        `\n# ${meaning}\n# ${shown(least)} to ${shown(greatest)} ${unit}.\n#${variable}=${value}\n`,
      );
    }
  });
});

it('are the defaults where nothing is set', () => {
  expect(parseEnv({}).limits).toEqual(DEFAULT_LIMITS);
});

it('are refused where they do not go together', () => {
  const mistakes = [
    'HEIMDALL_PAGE_SIZE must not be more than HEIMDALL_MAX_PAGE_SIZE',
    'HEIMDALL_HEADERS_TIMEOUT_MS must not be more than HEIMDALL_REQUEST_TIMEOUT_MS',
  ];
  const source = { HEIMDALL_MAX_PAGE_SIZE: '49', HEIMDALL_REQUEST_TIMEOUT_MS: '9999' };
  expect(() => parseEnv(source)).toThrow(new EnvError(mistakes));
});
