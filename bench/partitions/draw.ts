/** Which organizations are drawn. */
export interface Drawing {
  readonly rows: number;
  readonly organizations: number;
  /** Of the logarithm of their sizes. */
  readonly sigma: number;
  readonly seed: number;
}

/** The rows of each organization: log-normal, `rows` in all; the same seed draws the same. */
export function draw({ rows, organizations, sigma, seed }: Drawing): Float64Array {
  const random = randomOf(seed);
  const sizes = new Float64Array(organizations);
  let all = 0;
  for (let nth = 0; nth < organizations; nth += 1) {
    const size = Math.exp(sigma * normal(random));
    sizes[nth] = size;
    all += size;
  }
  return sizes.map((size) => (size / all) * rows);
}

/** Puts each organization into a shard at random, as a hash of its id does, and the shards onto nodes in turns. */
export function spread(organizations: Float64Array, shards: number, nodes: number) {
  const random = randomOf(shards);
  const ofShard = new Float64Array(shards);
  for (const size of organizations) {
    const shard = Math.floor(random() * shards);
    ofShard[shard] = (ofShard[shard] ?? 0) + size;
  }
  const ofNode = new Float64Array(nodes);
  ofShard.forEach((size, shard) => {
    ofNode[shard % nodes] = (ofNode[shard % nodes] ?? 0) + size;
  });
  return { largestShard: Math.max(...ofShard), largestNode: Math.max(...ofNode) };
}

/** Box and Muller's. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
