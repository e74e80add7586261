import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ALICE, MIA } from '../../../interop/support/gateway.js';
import { hasBrowser, openPage } from '../../../test/support/browser.js';

const EXAMPLE = join(import.meta.dirname, '..', '..', '..', 'examples', 'react');

/** Starts the example as its own command does. */
async function startExample(): Promise<string> {
  const child = spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--port', '0'], {
    cwd: EXAMPLE,
    env: { ...process.env, HEIMDALL_ORIGIN: inject('gateway'), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = /(http:\/\/127\.0\.0\.1:\d+\/)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => reject(new Error(`the example ended: ${said}`)));
  });
}

describe.runIf(hasBrowser)('examples/react', () => {
  it('shows each person what is theirs, and submits a form', async () => {
    const page = await openPage(await startExample());
    onTestFinished(() => page.close());
    const main = "(document.querySelector('main')?.textContent ?? '')";
    const choose = (email: string) =>
      page.evaluate(`(() => {
        const select = document.querySelector('select');
        Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(select, '${email}');
        select.dispatchEvent(new Event('change', { bubbles: true }));
      })()`);
    await page.until(`document.querySelector('option[value="${ALICE}"]') !== null`);
    await choose(ALICE);
    await page.until(`${main}.includes('Hello, Alice') && ${main}.includes('New form')`);
    expect(await page.evaluate(main)).toContain('The organization is yours.');

    const claim =
      "[...document.querySelectorAll('li')].find((one) => one.textContent.includes('Expense Claim'))";
    await choose(MIA);
    await page.until(`${main}.includes('Hello, Mia') && ${claim} !== undefined`);
    const shown = await page.evaluate<string>(main);
    expect(shown).not.toContain('The organization is yours.');
    expect(shown).not.toContain('New form');
    const said = "document.querySelector('[aria-live]').textContent";
    await page.evaluate(`${claim}.querySelector('button').click()`);
    await page.until(`${said} !== ''`);
    expect(await page.evaluate(said)).toContain('Expense Claim: values.note');
  });
});
