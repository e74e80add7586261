import type { Span } from '@opentelemetry/api';
import type { Attributes, Traced } from './traced.js';

/** Traces of this process, sent by OTLP. */
export interface Tracing {
  readonly traced: Traced;
  /** The same of a request, below the span that its headers name, if they name one; `told` says of it what is known at its end. */
  readonly request: (
    headers: Readonly<Record<string, string | string[] | undefined>>,
    told: () => Attributes,
    work: () => Promise<void>,
  ) => Promise<void>;
  /** Sends what is not sent yet. */
  readonly close: () => Promise<void>;
}

const SERVICE = 'heimdall';
/** A collector that is away holds up no stop: what was not sent by then is lost. */
const EXPORT_MS = 2_000;

/**
 * Traces by the usual variables of OpenTelemetry (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, …), which its
 * own packages read, but for the time to send, which is bounded here. They are loaded here, for who wants traces alone.
 */
export async function openTracing(serviceName = SERVICE): Promise<Tracing> {
  const [api, node, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const given = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new node.NodeTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': serviceName }).merge(given),
    spanProcessors: [
      new node.BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: EXPORT_MS })),
    ],
  });
  provider.register();
  const tracer = provider.getTracer(SERVICE);
  const ending = async <T>(span: Span, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      // Without its message, which can quote what was sent.
      span.setStatus({ code: api.SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
  return {
    traced: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, (span) => ending(span, work)),
    request(headers, told, work) {
      const above = api.propagation.extract(api.ROOT_CONTEXT, headers);
      const kind = api.SpanKind.SERVER;
      return tracer.startActiveSpan('request', { kind }, above, (span) =>
        ending(span, async () => {
          await work();
          span.setAttributes(told());
        }),
      );
    },
    async close() {
      await provider.shutdown().catch(() => {});
      api.trace.disable();
      api.context.disable();
      api.propagation.disable();
    },
  };
}
