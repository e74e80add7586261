import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { assemble } from '../../src/assemble.js';
import { demoRowId } from '../../src/demo/row.js';
import { createLog } from '../../src/http/log.js';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { hasBrowser, openPage } from '../support/browser.js';
import { freshDatabase } from '../support/database.js';
import { AUDIENCE, ISSUER, SECRET } from '../support/gateway.js';
import { World } from '../support/world.js';

if (!hasBrowser) {
  process.stderr.write('SKIPPED: test/http/browser.test.ts needs /usr/bin/chromium\n');
}
/** Pictures are left here, for people. */
const OUTPUT = join(import.meta.dirname, '..', '..', 'test-output');
const embedded = process.env.HEIMDALL_TEST_ON !== 'server';

/** The gateway with two people to pick, one of whom is refused. */
async function start() {
  const database = await freshDatabase();
  const world = new World(database.client, ISSUER);
  const acme = await world.organization('Acme Corp');
  const mia = await world.user(acme, 'Mia');
  const ivan = await world.user(acme, 'Ivan');
  await world.client.user.update({ where: { id: ivan.id }, data: { isActive: false } });
  await world.row('form', acme, 'Onboarding');
  // As in the demo world, whose ids the example tabs have.
  await world.row('form', acme, 'onboarding', {
    more: { id: demoRowId('form', 'acme/onboarding') },
  });
  const tokens = { issuer: ISSUER, audience: AUDIENCE };
  const tokenFor = (email: string) => {
    const subject = developmentSubject(email);
    return signDevelopmentToken({ ...tokens, secret: SECRET, email, subject, ttl: 600 });
  };
  const list = [
    { email: mia.email, name: 'Mia', what: 'member without a role' },
    { email: ivan.email, name: 'Ivan', what: 'inactive: refused' },
  ];
  const { server } = assemble({
    database,
    tokens: { ...tokens, kind: 'secret', secret: SECRET },
    log: createLog('silent'),
    development: true,
    people: { list, tokenFor },
  });
  const url = await server.listen('127.0.0.1', 0);
  onTestFinished(async () => {
    await server.close(0);
    await database.close();
  });
  return { url, mia, ivan };
}

const about = "document.querySelector('#picker output').value";
const run = "document.querySelector('.graphiql-execute-button')";
const answer = "document.querySelector('.graphiql-response')?.textContent ?? ''";

async function openGraphiql(url: string) {
  const page = await openPage(`${url}/graphql`);
  onTestFinished(() => page.close());
  await page.until(`${about} !== '' && ${run} !== null`);
  return {
    page,
    async choose(email: string) {
      await page.evaluate(`(() => {
        const select = document.querySelector('#picker select');
        select.value = ${JSON.stringify(email)};
        select.dispatchEvent(new Event('change'));
      })()`);
      await page.until(`${about} !== ''`);
    },
  };
}

test.runIf(hasBrowser && embedded)(
  'issue 10, number 26: in GraphiQL one chooses who one is, and pastes no token',
  async () => {
    const { url, mia, ivan } = await start();
    const { page, choose } = await openGraphiql(url);
    expect(await page.evaluate(about)).toBe('Nobody may look at the schema alone.');

    const overflow = await page.evaluate('document.documentElement.scrollHeight - innerHeight');
    expect(overflow).toBe(0);
    await page.evaluate(`${run}.click()`);
    await page.until(`(${answer}).includes('UNAUTHENTICATED')`);

    // The page's policy refused nothing, and the editor has its lines one below the other.
    await page.evaluate(`globalThis.refused = []; new ReportingObserver(
      (reports) => refused.push(...reports.map(({ body }) => body.effectiveDirective + ' ' + body.sample)),
      { types: ['csp-violation'], buffered: true },
    ).observe()`);
    await page.evaluate('new Promise((seen) => setTimeout(seen, 0))');
    expect(await page.evaluate('refused')).toEqual([]);
    const tops = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.graphiql-query-editor .view-line')].map(({ style }) => style.top)",
    );
    expect(tops.length).toBeGreaterThan(1);
    expect(new Set(tops).size).toBe(tops.length);

    await choose(mia.email);
    expect(await page.evaluate(about)).toBe(
      `${mia.email} of Acme Corp (no role) sees: forms 2, workflows 0, agents 0, apps 0, configs 0`,
    );
    await page.evaluate(`${run}.click()`);
    await page.until(`(${answer}).includes(${JSON.stringify(mia.email)})`);
    expect(await page.evaluate(answer)).toMatch(/Acme\sCorp/);

    await choose(ivan.email);
    expect(await page.evaluate(about)).toMatch(/^refused: .*the token names no active user$/);
  },
  120_000,
);

test.runIf(hasBrowser && embedded)(
  'GraphiQL explains to somebody why they are refused',
  async () => {
    const { url, mia } = await start();
    const { page, choose } = await openGraphiql(url);
    await choose(mia.email);
    // A page that is still being made does not hear everything: it is done again until it shows.
    const until = (shows: string, act: string) => page.until(`(${shows}) || (${act}, false)`);
    const editor = "document.querySelector('.graphiql-query-editor')?.textContent ?? ''";
    await until(
      `(${editor}).includes('explainAccess')`,
      "[...document.querySelectorAll('.graphiql-tab-button')].find((tab) => tab.textContent === 'Why').click()",
    );
    // It has two operations: a menu opens, of which the first one is taken.
    const pressed = "new PointerEvent('pointerdown', { bubbles: true, button: 0 })";
    const item = "document.querySelector('[role=menuitem]')";
    await until(`${item} !== null`, `${run}.dispatchEvent(${pressed})`);
    // The viewer's spaces are not those of a keyboard.
    await until(`/holds\\sno\\ssuch\\sgrant\\s\\(D7\\)/.test(${answer})`, `${item}?.click()`);
    expect(await page.evaluate(answer)).toMatch(/"answer":\s"NO"/);
    await mkdir(OUTPUT, { recursive: true });
    await writeFile(join(OUTPUT, 'graphiql-why.png'), await page.screenshot(), 'base64');
  },
  120_000,
);
