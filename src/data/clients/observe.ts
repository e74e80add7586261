import type { PrismaPGlite } from 'pglite-prisma-adapter';
import { ofStatement, type Traced, untraced } from '../../telemetry/traced.js';

/** What Prisma asks of a driver adapter, as our two adapters have it. */
export type Adapter = Awaited<ReturnType<PrismaPGlite['connect']>>;
export type AdapterTransaction = Awaited<ReturnType<Adapter['startTransaction']>>;
export interface AdapterFactory {
  readonly provider: 'postgres';
  readonly adapterName: string;
  connect(): Promise<Adapter>;
}

type OnQuery = (sql: string) => void;

/** Who looks at statements. */
interface Observing {
  readonly onQuery?: OnQuery | undefined;
  readonly traced?: Traced | undefined;
}

/** A factory whose adapters show `onQuery` each statement, and trace it, alike on both kinds of database. */
export function observed(
  factory: AdapterFactory,
  { onQuery: seen, traced = untraced }: Observing,
): AdapterFactory {
  if (seen === undefined && traced === untraced) return factory;
  const onQuery: OnQuery = seen ?? (() => {});
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      return overlay(adapter, {
        ...statements(adapter, onQuery, traced),
        async startTransaction(isolation) {
          onQuery('BEGIN');
          const transaction = await adapter.startTransaction(isolation);
          return overlay(transaction, {
            ...statements(transaction, onQuery, traced),
            commit() {
              onQuery('COMMIT');
              return transaction.commit();
            },
            rollback() {
              onQuery('ROLLBACK');
              return transaction.rollback();
            },
          });
        },
      });
    },
  };
}

/** The same object with some methods replaced; the others keep their own `this`. */
export function overlay<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(object, property) {
      if (Object.hasOwn(methods, property)) return Reflect.get(methods, property);
      const value: unknown = Reflect.get(object, property, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

function statements(queryable: Adapter | AdapterTransaction, onQuery: OnQuery, traced: Traced) {
  // On a server Prisma ends a transaction by a statement too: that one is told as COMMIT above.
  const tell = (sql: string) => {
    if (sql !== 'COMMIT' && sql !== 'ROLLBACK') onQuery(sql);
  };
  return {
    queryRaw(query: Parameters<Adapter['queryRaw']>[0]) {
      tell(query.sql);
      return traced('sql', ofStatement(query.sql), () => queryable.queryRaw(query));
    },
    executeRaw(query: Parameters<Adapter['executeRaw']>[0]) {
      tell(query.sql);
      return traced('sql', ofStatement(query.sql), () => queryable.executeRaw(query));
    },
  };
}
