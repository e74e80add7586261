import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPolicyFile } from '../../src/command/policy-test/policy-file.js';
import { onOwnGateway, type Readied } from '../../src/command/policy-test/run.js';
import { PEOPLE } from '../../src/demo/people.js';
import { freshDatabase } from '../support/database.js';

const FOLDER = join(import.meta.dirname, '..', '..', 'policies', 'demo');
const FILES: readonly Readied[] = readdirSync(FOLDER).map((name) => ({
  path: name,
  file: readPolicyFile(readFileSync(join(FOLDER, name), 'utf8')),
}));

describe('what the demo world promises', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let own: Awaited<ReturnType<typeof onOwnGateway>>;

  beforeAll(async () => {
    database = await freshDatabase();
    own = await onOwnGateway(database, FILES);
  });

  afterAll(async () => {
    await own.close();
    await database.close();
  });

  it.each(FILES)('is so: $path', async (readied) => {
    const { expectations, failures } = await own.run(readied);
    expect(failures.map((lines) => lines.join('\n'))).toEqual([]);
    expect(expectations).toBeGreaterThan(20);
  });

  it('is written of everybody in it', () => {
    const written = new Set(FILES.flatMap(({ file }) => file.expectations.map(({ who }) => who)));
    expect([...written].sort()).toEqual(Object.keys(PEOPLE).sort());
  });
});
