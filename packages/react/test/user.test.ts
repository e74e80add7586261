import { join } from 'node:path';
import { HeimdallClient } from '@heimdall/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ALICE, endpoint, MIA, tokenOf } from '../../../interop/support/gateway.js';
import { hasBrowser, openPage } from '../../../test/support/browser.js';
import { serve } from './serve.js';

if (!hasBrowser) {
  process.stderr.write('SKIPPED: packages/react/test needs /usr/bin/chromium\n');
}

interface Render {
  readonly of: string;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly loading: boolean;
  readonly error?: string;
  readonly owner: boolean;
  readonly create: boolean;
  readonly fly: boolean;
  readonly globally: boolean;
  readonly organizationId?: string;
}

async function open() {
  const served = await serve(join(import.meta.dirname, 'page'));
  const page = await openPage(served.url);
  onTestFinished(() => page.close());
  await page.until('globalThis.show !== undefined');
  return {
    served,
    page,
    show: (of: string, token: string) =>
      page.evaluate(`show(${JSON.stringify(of)}, ${JSON.stringify(token)})`),
    renders: () => page.evaluate<Render[]>('renders'),
    shown: () => page.evaluate<string>("document.querySelector('#root').textContent"),
  };
}

describe.runIf(hasBrowser)('useUser and RequireRole (D38), in a browser', () => {
  it('know nobody and nothing until it is answered, and then what is so', async () => {
    const { served, page, show, renders, shown } = await open();
    const release = served.hold();
    const token = await tokenOf(ALICE);
    await show(ALICE, token);
    await page.until('renders.length > 0');
    expect(await shown()).toBe('no owneragain');
    for (const render of await renders()) {
      expect(render).toMatchObject({
        ...{ loading: true, roles: [], owner: false, create: false },
      });
      expect(render.email).toBeUndefined();
    }
    release();
    await page.until('renders.at(-1).create');
    const client = new HeimdallClient({ url: endpoint, token });
    const organizationId = (await client.viewer()).organization?.id ?? '';
    const roles = await client.roles({ scope: organizationId });
    expect(roles).toContain('Owner');
    expect((await renders()).at(-1)).toMatchObject({
      ...{ email: ALICE, organizationId, roles, loading: false, owner: true },
      ...{ create: true, fly: false, globally: false },
    });
    expect(await shown()).toBe('owneragain');

    // Asked anew, they forget first.
    const again = served.hold();
    const before = (await renders()).length;
    await page.evaluate("document.querySelector('button').click()");
    await page.until(`renders.length > ${before}`);
    expect(await shown()).toBe('no owneragain');
    again();
    await page.until('renders.at(-1).create');
  });

  it('never take one user for another', async () => {
    const { page, show, renders, shown } = await open();
    await show(ALICE, await tokenOf(ALICE));
    await page.until('renders.at(-1).create');
    await show(MIA, await tokenOf(MIA));
    await page.until(`renders.at(-1).email === '${MIA}'`);
    for (const { of, email = of, owner, create } of await renders()) {
      expect(email).toBe(of);
      if (of === MIA) expect([owner, create]).toEqual([false, false]);
    }
    expect(await shown()).toBe('no owneragain');
  });

  it('know nobody whom the gateway does not know', async () => {
    const { page, show, renders, shown } = await open();
    await show('nobody', 'no.such.token');
    await page.until('renders.at(-1)?.error !== undefined');
    expect((await renders()).at(-1)).toMatchObject({
      ...{ error: 'UnauthenticatedError', loading: false, roles: [], owner: false, create: false },
    });
    expect(await shown()).toBe('no owneragain');
  });

  it('ask all that a page wants to know at once in one request', async () => {
    const { served, page, show } = await open();
    await show(MIA, await tokenOf(MIA));
    await page.until(`renders.at(-1)?.email === '${MIA}'`);
    const asking = () => served.asked.filter((body) => body.includes('checkMany'));
    await expect.poll(asking).not.toEqual([]);
    const [first = ''] = asking();
    expect(JSON.parse(first).variables.checks).toEqual([
      { action: 'create', resourceType: 'form' },
      { action: 'fly', resourceType: 'form' },
      { action: 'create', resourceType: 'form', scope: null },
    ]);
  });

  it('throw outside of a provider', async () => {
    const { page, shown } = await open();
    await page.evaluate('showOutside()');
    await page.until("document.querySelector('#root').textContent !== ''");
    expect(await shown()).toContain('outside of a HeimdallProvider');
  });
});
