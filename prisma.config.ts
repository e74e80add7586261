import { defineConfig } from 'prisma/config';

// `prisma generate` looks for a schema engine that it never runs. Naming any executable keeps it
// from downloading one, so that generating works without a network.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  // The registry of the database's own functions, which no client knows (scripts/check-drift.ts).
  experimental: { externalTables: true },
  tables: { external: ['public.heimdall_table'] },
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost:5432/heimdall' },
});
