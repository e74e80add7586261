import { existsSync } from 'node:fs';

/** Throws unless what the peers are made of is there; it is installed apart, for it is heavy. */
export function assertInstalled(): void {
  if (existsSync(new URL('./node_modules', import.meta.url))) return;
  throw new Error(
    'the peers are not installed: npm run peers --prefix bench, or leave them out with --only',
  );
}
