import { BOUND_TABLES, NAMED, NAMED_TABLES, type World } from './world.js';

/** What may happen; what is listed twice happens twice as often. */
export const OPERATIONS = [
  'scope',
  'scope',
  'row',
  'row',
  'row',
  'row',
  'rename',
  'rename',
  'place',
  'move',
  'move',
  'move together',
  'retype',
  'flip',
  'drop row',
  'drop scope',
  'bind',
  'bind',
  'unbind',
  'drop role',
  'drop organization',
] as const;
/** An operation and three numbers that choose what it is about. */
export type Step = [(typeof OPERATIONS)[number], number, number, number];

/** How much has happened, so that a test can tell whether it was worth anything. */
export const tally = { done: 0, refused: 0, pairs: 0, bound: 0 };

/** Plays steps on two organizations; what the rules refuse is skipped. */
export class Player {
  readonly #world: World;
  readonly #organizations: string[];
  readonly #types: string[];

  private constructor(w: World, organizations: string[], types: string[]) {
    this.#world = w;
    this.#organizations = organizations;
    this.#types = types;
  }

  static async start(w: World): Promise<Player> {
    const organizations = [await w.organization(), await w.organization()];
    const types = [await w.type(null), await w.type(null, 'DEFINE'), await w.type(null)];
    for (const parent of types) for (const child of types) await w.edge(parent, child);
    const player = new Player(w, organizations, types);
    // Something to start from: a small tree, and namesakes all over it.
    for (let n = 0; n < 12; n += 1) await player.play(['scope', n * 7, 0, n]);
    for (let n = 0; n < 40; n += 1) await player.play(['row', n, n * 5, n % 2]);
    for (let n = 0; n < 8; n += 1) await player.play(['bind', n, n, n]);
    return player;
  }

  async end(): Promise<void> {
    for (const table of NAMED_TABLES) await this.#world.rows(`DELETE FROM ${table}`);
    await this.#world.rows('DELETE FROM organization');
    await this.#world.rows('DELETE FROM role WHERE NOT is_system');
    await this.#world.rows('DELETE FROM scope_type WHERE id = ANY ($1)', this.#types);
  }

  async play([operation, x, y, z]: Step): Promise<void> {
    try {
      await this.#apply(operation, x, y, z);
      tally.done += 1;
    } catch (error) {
      // Rules (23514) and unique names (23505) may refuse; anything else is a fault.
      const code = (error as { code?: string }).code ?? '';
      if (!['23514', '23505', '23503'].includes(code)) throw error;
      tally.refused += 1;
    }
  }

  async #apply(operation: Step[0], x: number, y: number, z: number): Promise<void> {
    const w = this.#world;
    const table = NAMED_TABLES[x % NAMED_TABLES.length] ?? 'form';
    const bound = BOUND_TABLES[x % BOUND_TABLES.length] ?? 'form';
    const name = `name-${z % 2}`;
    const type = this.#types[z % this.#types.length] ?? '';
    switch (operation) {
      case 'scope': {
        const [parent] = await this.#pick('scope WHERE organization_id IS NOT NULL', x);
        if (parent) await w.scope(String(parent.organization_id), String(parent.id), type);
        return;
      }
      case 'row': {
        const [scope] = await this.#pick('scope', y);
        const place = [scope?.organization_id ?? null, scope?.id ?? null] as [
          string | null,
          string | null,
        ];
        await w.at(table, ...place, { [NAMED[table]]: name });
        return;
      }
      case 'rename':
        await this.#change(table, NAMED[table], y, name);
        return;
      case 'place': {
        const [row] = await this.#pick(table, y);
        const [scope] = await this.#pick(
          `scope WHERE organization_id::text = '${row?.organization_id}'`,
          z,
        );
        if (row?.organization_id && scope) await this.#change(table, 'scope_id', y, scope.id);
        return;
      }
      case 'move': {
        const [scope] = await this.#pick('scope WHERE home_id <> id', x);
        const [parent] = await this.#pick(
          `scope WHERE organization_id::text = '${scope?.organization_id}'`,
          y,
        );
        if (scope && parent) await this.#set('scope', 'parent_id', scope.id, parent.id);
        return;
      }
      case 'move together': {
        // Two scopes of one statement, of which one may be below the other.
        const [one] = await this.#pick('scope WHERE home_id <> id', x);
        const own = `organization_id::text = '${one?.organization_id}'`;
        const [two] = await this.#pick(`scope WHERE home_id <> id AND ${own}`, y);
        const [parent] = await this.#pick(`scope WHERE ${own}`, z);
        if (!one || !two || !parent) return;
        await w.rows(
          'UPDATE scope SET parent_id = $2 WHERE id = ANY ($1)',
          [one.id, two.id],
          parent.id,
        );
        return;
      }
      case 'retype': {
        const [scope] = await this.#pick('scope WHERE home_id <> id', x);
        if (scope) await this.#set('scope', 'type_id', scope.id, type);
        return;
      }
      case 'flip':
        await this.#set('scope_type', 'permission_mode', type, y % 3 ? 'MERGE' : 'FUTURE');
        return;
      case 'drop row':
        await this.#delete(table, y);
        return;
      case 'drop scope':
        await this.#delete('scope WHERE home_id <> id', y);
        return;
      case 'bind': {
        const [row] = await this.#pick(bound, y);
        if (!row) return;
        const role = await w.at(
          'role',
          row.organization_id as string | null,
          row.scope_id as string,
        );
        await w.insert(`${bound}_role`, { [`${bound}_id`]: row.id, role_id: role });
        return;
      }
      case 'unbind':
        await w.rows(
          `DELETE FROM ${bound}_role WHERE role_id IN (SELECT role_id FROM ${bound}_role LIMIT 1)`,
        );
        return;
      case 'drop role':
        await this.#delete('role WHERE NOT is_system', y);
        return;
      case 'drop organization':
        if (x % 4 === 0 && this.#organizations.length > 1) {
          await w.rows('DELETE FROM organization WHERE id = $1', this.#organizations.pop());
        }
    }
  }

  #pick(from: string, n: number): Promise<Record<string, unknown>[]> {
    return this.#world.rows(
      `SELECT * FROM ${from} ORDER BY id OFFSET $1 % greatest((SELECT count(*) FROM ${from}), 1) LIMIT 1`,
      n,
    );
  }

  async #change(table: string, column: string, n: number, value: unknown): Promise<void> {
    const [row] = await this.#pick(table, n);
    if (row) await this.#set(table, column, row.id, value);
  }

  async #set(table: string, column: string, id: unknown, value: unknown): Promise<void> {
    await this.#world.rows(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, id, value);
  }

  async #delete(from: string, n: number): Promise<void> {
    const [row] = await this.#pick(from, n);
    if (row) await this.#world.rows(`DELETE FROM ${from.split(' ')[0]} WHERE id = $1`, row.id);
  }
}
