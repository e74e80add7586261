import { HeimdallClient } from '@heimdall/client';
import { Component, type ReactNode, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { HeimdallProvider, RequireRole, useUser } from '../../src/index.js';

/** What each rendering knew. */
const renders: object[] = [];

function Person({ of }: { readonly of: string }) {
  const { email, roles, loading, error, isPlatformAdmin, organizationId, hasRole, can, refresh } =
    useUser();
  renders.push({
    ...{ of, email, roles, loading, isPlatformAdmin, organizationId },
    error: error?.name,
    owner: hasRole('Owner'),
    create: can('create', 'form'),
    fly: can('fly', 'form'),
    globally: can('create', 'form', null),
  });
  return (
    <>
      <RequireRole role="Owner" fallback={<p>no owner</p>}>
        <p>owner</p>
      </RequireRole>
      <button type="button" onClick={refresh}>
        again
      </button>
    </>
  );
}

class Caught extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    return this.state.error === undefined ? this.props.children : this.state.error.message;
  }
}

interface Shown {
  readonly of: string;
  readonly client: HeimdallClient;
}

let show: (shown: Shown) => void = () => {};
function Page() {
  const [shown, setShown] = useState<Shown>();
  show = setShown;
  if (shown === undefined) return null;
  return (
    <HeimdallProvider client={shown.client}>
      <Person of={shown.of} />
    </HeimdallProvider>
  );
}

const root = createRoot(document.querySelector('#root') as Element);
Object.assign(globalThis, {
  renders,
  show(of: string, token: string) {
    const url = `${location.origin}/graphql`;
    show({ of, client: new HeimdallClient({ url, token }) });
  },
  showOutside() {
    root.render(
      <Caught>
        <Person of="outside" />
      </Caught>,
    );
  },
});
root.render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
