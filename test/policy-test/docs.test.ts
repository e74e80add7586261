import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readPolicyFile } from '../../src/command/policy-test/policy-file.js';
import { onOwnGateway } from '../../src/command/policy-test/run.js';
import { freshDatabase } from '../support/database.js';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'policy-tests.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, text = '']) => text,
  );

it('the world of docs/policy-tests.md is as the page says, and fails as it says', async () => {
  const [own = '', running = ''] = blocks('yaml');
  expect(readPolicyFile(running).expectations).toHaveLength(2);
  const database = await freshDatabase();
  onTestFinished(() => database.close());
  const { run, close } = await onOwnGateway(database, []);
  onTestFinished(close);
  expect((await run({ path: 'a', file: readPolicyFile(own) })).failures).toEqual([]);
  const asserted = own.replace(
    'cannot: [update form Order paint]',
    'can: [update form Order paint]',
  );
  const other = asserted.replace('    can: [use form Order paint]\n', '');
  const { failures } = await run({ path: 'a', file: readPolicyFile(other) });
  expect(failures.map(([, ...lines]) => `${lines.join('\n')}\n`)).toEqual(blocks('text'));
});
