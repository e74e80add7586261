import { contestants } from '../contestants/index.js';
import { type Figure, groupBy } from './figures.js';
import { WORKLOADS } from './settings.js';

const WIDTH = 760;
const LABELS = 150;
const FIGURES = 90;
const BAR = 16;
const GAP = 6;
const HEADING = 34;

/** No colour is white or black, so that each is seen on both. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .heading { font-weight: 600 }
  .axis { fill: #59636e }
  rect { fill: #8c959f }
  .heimdall { fill: #0969da }
  .floor { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .axis { fill: #9198a1 }
    .heimdall { fill: #4493f8 }
    .floor { fill: #db6d28 }
  }`;

/** A bar chart of the throughput to the floor's, at the most connections that were measured. */
export function picture(figures: readonly Figure[], caption: readonly string[]): string {
  const most = Math.max(...figures.map(({ connections }) => connections));
  const shown = figures.filter(
    ({ connections, ofFloor }) => connections === most && ofFloor !== undefined,
  );
  if (shown.length === 0) throw new Error('a picture of ratios to the floor needs the floor');
  const longest = Math.max(...shown.map(ratioOf));
  const parts: string[] = [];
  let y = 24;
  const title = `Throughput at ${most} connections; floor = 1`;
  parts.push(text(0, y, title, 'heading'));
  for (const rows of groupBy(shown, ({ workload, person }) => `${workload} ${person}`).values()) {
    const [{ workload, person } = { workload: 'Q1', person: 'all' } as const] = rows;
    y += HEADING;
    parts.push(text(0, y, `${workload}: ${WORKLOADS[workload]} (as ${person})`, 'axis'));
    y += GAP;
    for (const row of rows) {
      const width = (ratioOf(row) / longest) * (WIDTH - LABELS - FIGURES);
      parts.push(
        text(0, y + BAR - 3, row.contestant),
        `<rect class="${classOf(row.contestant)}" x="${LABELS}" y="${y}" width="${Math.max(1, width).toFixed(1)}" height="${BAR}" rx="2"><title>${escaped(titleOf(row))}</title></rect>`,
        text(LABELS + width + 8, y + BAR - 3, ratioOf(row).toPrecision(2)),
      );
      y += BAR + GAP;
    }
  }
  y += HEADING - GAP;
  for (const line of caption) {
    parts.push(text(0, y, line, 'axis'));
    y += BAR;
  }
  const height = y;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${title}</title>
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`;
}

const ratioOf = ({ ofFloor }: Figure): number => ofFloor?.requestsASecond ?? 0;

function titleOf({ contestant, medians }: Figure): string {
  const what = contestants.find(({ name }) => name === contestant)?.what ?? contestant;
  return `${what}: ${Math.round(medians.requestsASecond ?? 0)} requests a second`;
}

const classOf = (contestant: string): string => contestant.split('-')[0] ?? '';

const text = (x: number, y: number, content: string, kind?: string): string =>
  `<text x="${x.toFixed(1)}" y="${y}"${kind === undefined ? '' : ` class="${kind}"`}>${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
