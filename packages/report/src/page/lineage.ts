import type { Json } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import { escapeMarkup as e } from '../drawing/escape.js';
import { actionLink, inputAnchor } from '../provenance/made-from.js';
import type { Trace, TracedAction } from '../provenance/trace.js';

/** Longer lists of actions are folded. */
const mostListed = 8;

/**
 * Tells what was run: a row per stage, its points summed up, and every point in full below, folded.
 *
 * @param trace  Of the same lineage.
 * @returns HTML; a sentence if nothing is known.
 */
export function lineageSection(lineage: readonly LineageNode[], trace: Trace): string {
  const inputs = inputLists(trace);
  if (lineage.length === 0) return `<p>The inputs of this report came without a record of how they were made.</p>${inputs}`;
  const stages = [...new Set(lineage.map((node) => node.stage))];
  const rows = stages.map((stage) => stageRow(stage, lineage.filter((node) => node.stage === stage)));
  const shared = sharedEnvironment(lineage);
  return `<div class="scroll" role="region" tabindex="0" aria-label="Stages"><table><caption>Stages, in the order they were run</caption><thead><tr><th scope="col">Stage</th><th scope="col" class="number">Points</th><th scope="col">Seed</th><th scope="col" class="number">Time</th><th scope="col" class="number">Peak memory</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
${Object.keys(shared).length === 0 ? '' : `<p class="note">Everywhere: ${e(words(shared))}.</p>`}
${inputs}
<details><summary>Every point with its parameters and facts (${lineage.length})</summary>${lineage.map((node) => nodeDetails(node, { shared, trace })).join('')}</details>`;
}

/** The actions that made each input of the report. */
function inputLists({ inputs }: Trace): string {
  const list = ([port, actions]: readonly [string, readonly TracedAction[]]): string => `<details id="${inputAnchor(port)}"><summary>${e(port)} <span class="note">(${actions.length})</span></summary><p class="actions">${actions.map(actionLink).join(', ')}</p></details>`;
  return inputs.size === 0 ? '' : `<p class="note">Inputs of this report and the actions that made them, each named by its point and the first 12 digits of its key; <code>provenance.json</code> beside this page holds the whole keys.</p>${[...inputs].map(list).join('\n')}`;
}

function stageRow(stage: string, nodes: readonly LineageNode[]): string {
  const seeds = [...new Set(nodes.flatMap((node) => seedOf(node)))];
  const time = nodes.reduce((sum, node) => sum + node.durationMs, 0);
  const memory = nodes.reduce((most, node) => Math.max(most, node.peakMemoryBytes), 0);
  return `<tr><th scope="row"><code>${e(stage)}</code></th><td class="number">${nodes.length}</td><td>${e(seeds.join(', ') || '–')}</td><td class="number">${formatDuration(time)}</td><td class="number">${formatBytes(memory)}</td></tr>`;
}

function nodeDetails(node: LineageNode, { shared, trace: { actions } }: { shared: { readonly [name: string]: Json }; trace: Trace }): string {
  const own = Object.fromEntries(Object.entries(node.environment).filter(([name]) => !Object.hasOwn(shared, name)));
  const block = (title: string, value: Json): string => (isEmpty(value) ? '' : `<p class="note">${title}</p><pre>${e(JSON.stringify(value, null, 1))}</pre>`);
  const upstream = node.upstream.flatMap((key) => actions.get(key) ?? []);
  const everywhere = Object.keys(shared).length === 0 ? '' : Object.keys(own).length === 0 ? ' Machine and versions as everywhere.' : ' Else machine and versions as everywhere.';
  return `<details id="${actions.get(node.key)!.anchor!}"><summary><code>${e(node.point)}</code> · ${e(node.stage)} · ${formatDuration(node.durationMs)}</summary>
<p class="note">Started ${e(node.startedAt)}, peak memory ${formatBytes(node.peakMemoryBytes)}, action key <code>${e(node.key)}</code>.${everywhere}</p>${upstreamList(upstream)}${block('Parameters', node.params)}${block('Environment', own)}${block('Facts', node.facts)}</details>`;
}

/** What an action was given. */
function upstreamList(upstream: readonly TracedAction[]): string {
  const links = upstream.map(actionLink).join(', ');
  if (upstream.length === 0) return '';
  return upstream.length <= mostListed ? `<p class="note">Made from ${links}.</p>` : `<details><summary>Made from ${upstream.length} actions</summary><p class="actions">${links}</p></details>`;
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
