// Installs and builds what lies in packages/, each with dependencies of its own: npm run packages
import { spawnSync } from 'node:child_process';

const STEPS = [
  ['run', '-s', 'build', '--prefix', 'packages/client'],
  ['ci', '--prefix', 'packages/react', '--no-audit', '--no-fund'],
  ['run', '-s', 'build', '--prefix', 'packages/react'],
  ['ci', '--prefix', 'packages/mcp', '--no-audit', '--no-fund'],
];

for (const step of STEPS) {
  const { status } = spawnSync('npm', step, { stdio: 'inherit' });
  if (status !== 0) {
    process.exitCode = status ?? 1;
    break;
  }
}
