/** HTTP and one round trip to the database for as many bytes: the answer is remembered from the floor's statement. */
import { openPool, openStatements } from './floor-statements.js';
import { serveTexts } from './serve-texts.js';

const pool = openPool();
const statements = openStatements();
const remembered = new Map<string, string>();

serveTexts({
  async ask(workload, userId, variables) {
    const key = JSON.stringify([workload, userId, variables]);
    const text = remembered.get(key) ?? (await statements.ask(workload, userId, variables));
    if (text === undefined) return undefined;
    remembered.set(key, text);
    await pool.query({
      name: 'bytes',
      text: `SELECT repeat('x', $1::int)`,
      values: [Buffer.byteLength(text)],
    });
    return text;
  },
  close: async () => {
    await Promise.all([pool.end(), statements.close()]);
  },
});
