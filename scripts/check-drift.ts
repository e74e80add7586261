/**
 * Applies the migrations to an empty embedded database and compares the result with
 * prisma/schema.prisma, by Prisma's own schema engine. Needs no network and no server. Triggers,
 * checks, collations, partial indexes and statistics are unknown to that schema and not compared, nor
 * are the tables that the database keeps for itself.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { readMigrations } from '../src/data/migrations.js';

/** What the database keeps for itself alone: its registries, the versions of authority, the keys of writes, and secrets that were handed out. */
const OWN_TABLES = [
  'public.heimdall_table',
  'public.heimdall_authority_source',
  'public.authority',
  'public.idempotency_key',
  'public.execution_secret',
];

/** Another schema may be named, to see the check fail. */
const SCHEMA =
  process.argv[2] ?? fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url));
const filters = { externalTables: OWN_TABLES, externalEnums: [] };

/** What is used of a global that the types of Node 20 leave out. */
const { WebAssembly: webAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: Record<string, object>,
    ): Promise<{ instance: { exports: Record<string, () => void> } }>;
  };
};

/** The SQL that would still be needed to get from the migrations to the schema; empty: no drift. */
async function drift(): Promise<string> {
  await loadEngine();
  const database = await PGlite.create('memory://');
  try {
    for (const { sql } of readMigrations()) await database.exec(sql);
    const schema = { files: [{ path: SCHEMA, content: readFileSync(SCHEMA, 'utf8') }] };
    const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(database) as never);
    const schemaEngine = await engine.SchemaEngine.new(
      { datamodels: schema.files.map(({ path, content }) => [path, content]) },
      () => {},
      adapter,
    );
    const result = await schemaEngine.diff({
      from: { tag: 'schemaDatasource', ...schema, configDir: dirname(SCHEMA) },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters,
    });
    return result.exitCode === 0 ? '' : withoutUnenforced(result.stdout ?? 'unknown difference');
  } finally {
    await database.close();
  }
}

/**
 * The relations of what outlives what it is about are no foreign keys in the database, which Prisma's schema
 * cannot say: there they are keys that are named so.
 */
function withoutUnenforced(script: string): string {
  const statements = script.split(/^-- \w+\n/m).map((statement) => statement.trim());
  const asked = statements.filter(
    (statement) =>
      statement !== '' &&
      !/^ALTER TABLE "\w+" ADD CONSTRAINT "\w+_unenforced" FOREIGN KEY [^;]*;$/.test(statement),
  );
  return asked.join('\n\n');
}

/** Node 20 does not import WebAssembly as a module, which the package's own entry relies on. */
async function loadEngine(): Promise<void> {
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await webAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': engine,
  });
  const { __wbg_set_wasm: use } = engine as unknown as { __wbg_set_wasm(exports: unknown): void };
  use(instance.exports);
  instance.exports.__wbindgen_start?.();
}

const HELP = `Usage: npm run check:drift [-- other.prisma]

Compares a database made by the migrations with prisma/schema.prisma, or with the file named.`;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(HELP);
} else {
  const difference = await drift();
  if (difference === '') {
    console.log('prisma/schema.prisma and prisma/migrations agree');
  } else {
    console.error(`prisma/schema.prisma asks for what no migration does:\n\n${difference}`);
    process.exitCode = 1;
  }
}
