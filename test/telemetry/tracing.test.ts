import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openTracing } from '../../src/telemetry/tracing.js';
import { freshDatabase } from '../support/database.js';
import { startGateway } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

interface Sent {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

/** What takes traces, as a collector does. */
async function collector() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(() => void close());
  const { port } = server.address() as AddressInfo;
  const spans = (): Sent[] =>
    bodies.flatMap((body) =>
      JSON.parse(body).resourceSpans.flatMap((of: { scopeSpans: { spans: Sent[] }[] }) =>
        of.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { url: `http://127.0.0.1:${port}`, spans, text: () => bodies.join(), close };
}

const ABOVE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

it('a request is traced to its statements, on either path, and nothing of what it says', async () => {
  const { url, spans, text } = await collector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = url;
  onTestFinished(() => void delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
  const tracing = await openTracing();
  const database = await freshDatabase({ traced: tracing.traced });
  const gateway = await startGateway({}, undefined, { database, tracing, shadow: 0 });
  onTestFinished(gateway.close);
  const acme = await gateway.world.organization('Acme');
  const mia = await gateway.world.user(acme, 'mia');
  await gateway.world.hold(mia, SYSTEM.Viewer, acme);
  const source = 'query Find($n: String!) { forms(where: { name: { eq: $n } }) { totalCount } }';
  const traceparent = `00-${ABOVE.traceId}-${ABOVE.spanId}-01`;
  await gateway.ask(mia.email, source, { n: 'hunter2' }, { traceparent });
  await gateway.ask(mia.email, 'query Who { viewer { roles } permitted: __typename }');
  await gateway.ask(null, '{ forms { totalCount } }');
  await tracing.close();

  const all = spans();
  const request = all.find(({ parentSpanId }) => parentSpanId === ABOVE.spanId);
  expect(request).toMatchObject({ name: 'request', traceId: ABOVE.traceId });
  const below = all.filter(({ traceId }) => traceId === ABOVE.traceId);
  expect(new Set(below.map(({ name }) => name))).toEqual(
    new Set(['request', 'authenticate', 'operation', 'decision', 'sql']),
  );
  const ids = new Set(below.map(({ spanId }) => spanId));
  for (const one of below) if (one !== request) expect([...ids]).toContain(one.parentSpanId);
  const said = Object.fromEntries(request?.attributes.map(({ key, value }) => [key, value]) ?? []);
  expect(said['graphql.operation.name']).toEqual({ stringValue: 'Find' });
  expect(said['heimdall.path']).toEqual({ stringValue: 'compiled' });
  const paths = all.flatMap(({ attributes }) =>
    attributes.filter(({ key }) => key === 'heimdall.path').map(({ value }) => value),
  );
  expect(paths).toContainEqual({ stringValue: 'reference' });
  expect(text()).not.toMatch(/hunter2|Bearer|eyJ|mia@/);
});

it('a collector that is away holds up no stop', async () => {
  const gone = await collector();
  await gone.close();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = gone.url;
  onTestFinished(() => void delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
  const tracing = await openTracing();
  await tracing.traced('operation', {}, async () => {});
  const began = performance.now();
  await tracing.close();
  expect(performance.now() - began).toBeLessThan(5_000);
});
