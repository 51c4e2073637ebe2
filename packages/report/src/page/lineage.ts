import type { Json } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import { escapeMarkup as e } from '../drawing/escape.js';

/**
 * Tells what was run: a row per stage, its points summed up, and every point in full below, folded.
 *
 * @returns HTML; a sentence if nothing is known.
 */
export function lineageSection(lineage: readonly LineageNode[]): string {
  if (lineage.length === 0) return '<p>The inputs of this report came without a record of how they were made.</p>';
  const stages = [...new Set(lineage.map((node) => node.stage))];
  const rows = stages.map((stage) => stageRow(stage, lineage.filter((node) => node.stage === stage)));
  const shared = sharedEnvironment(lineage);
  return `<div class="scroll" role="region" tabindex="0" aria-label="Stages"><table><caption>Stages, in the order they were run</caption><thead><tr><th scope="col">Stage</th><th scope="col" class="number">Points</th><th scope="col">Seed</th><th scope="col" class="number">Time</th><th scope="col" class="number">Peak memory</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
${Object.keys(shared).length === 0 ? '' : `<p class="note">Everywhere: ${e(words(shared))}.</p>`}
<details><summary>Every point with its parameters and facts (${lineage.length})</summary>${lineage.map((node) => nodeDetails(node, shared)).join('')}</details>`;
}

function stageRow(stage: string, nodes: readonly LineageNode[]): string {
  const seeds = [...new Set(nodes.flatMap((node) => seedOf(node)))];
  const time = nodes.reduce((sum, node) => sum + node.durationMs, 0);
  const memory = Math.max(...nodes.map((node) => node.peakMemoryBytes));
  return `<tr><th scope="row"><code>${e(stage)}</code></th><td class="number">${nodes.length}</td><td>${e(seeds.join(', ') || '–')}</td><td class="number">${formatDuration(time)}</td><td class="number">${formatBytes(memory)}</td></tr>`;
}

function nodeDetails(node: LineageNode, shared: { readonly [name: string]: Json }): string {
  const own = Object.fromEntries(Object.entries(node.environment).filter(([name]) => !(name in shared)));
  const block = (title: string, value: Json): string => (isEmpty(value) ? '' : `<p class="note">${title}</p><pre>${e(JSON.stringify(value, null, 1))}</pre>`);
  return `<details><summary><code>${e(node.point)}</code> · ${e(node.stage)} · ${formatDuration(node.durationMs)}</summary>
<p class="note">Started ${e(node.startedAt)}, peak memory ${formatBytes(node.peakMemoryBytes)}, action key <code>${e(node.key)}</code>.</p>${block('Parameters', node.params)}${block('Environment', own)}${block('Facts', node.facts)}</details>`;
}

/** What is the same in the environment of every point. */
function sharedEnvironment(lineage: readonly LineageNode[]): { [name: string]: Json } {
  const [first, ...rest] = lineage;
  return Object.fromEntries(Object.entries(first!.environment).filter(([name, value]) => rest.every((node) => JSON.stringify(node.environment[name]) === JSON.stringify(value))));
}

function seedOf({ params }: LineageNode): string[] {
  const seed = typeof params === 'object' && params !== null && !Array.isArray(params) ? (params as { readonly [name: string]: Json }).seed : undefined;
  return seed === undefined ? [] : [String(seed)];
}

function words(values: { readonly [name: string]: Json }): string {
  return Object.entries(values).map(([name, value]) => name.endsWith('Bytes') && typeof value === 'number' ? `${name.slice(0, -5)} ${formatBytes(value)}` : `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A duration in the unit that suits it. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toPrecision(3))} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Number((ms / 3_600_000).toPrecision(3))} h`;
}

function formatBytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
