import { defineConfig } from 'prisma/config';

// `prisma generate` looks for a schema engine that it never runs. Naming any executable keeps it
// from downloading one, so that generating works without a network.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost:5432/heimdall' },
});
