import { explainPoints, isImpossible, readPipeline, Store, type ActionRecord, type Explanation, type FailureKind, type RecordIndex } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import { formatBytes, formatTime, listed, shortHash } from '../printing/amounts.js';
import { alignCells } from '../printing/cells.js';
import { describeCauses } from '../printing/causes-text.js';
import { printJson } from '../printing/json.js';
import { Page } from '../printing/page.js';
import { describeInputs, describeMaking, describeOutputs, describeReasons } from '../printing/record-text.js';
import { formatDuration } from '../rendering/durations.js';
import { failureWords } from '../rendering/wording.js';
import type { StoreOption } from './store-option.js';

const shownErrorLines = 12;
const shownCached = 30;

/** Says why a point of a pipeline, or each point of a stage, is cached or will run. */
export async function why(path: string, name: string, options: StoreOption & { set: string[]; json?: boolean }): Promise<number> {
  const catalog = installedStages();
  const pipeline = await readPipeline(path, { catalog, overrides: options.set });
  const store = Store.openForReading(options.store);
  const { explanations, index } = await explainPoints(pipeline, name, { catalog, store, onDamage: (message) => process.stderr.write(`warning: ${message}\n`) });
  if (options.json === true) printJson({ pipeline: pipeline.name, points: explanations });
  else describeExplanations(pipeline.name, explanations, index, new Page()).print();
  return 0;
}

function describeExplanations(pipeline: string, explanations: readonly Explanation[], index: RecordIndex, page: Page): Page {
  if (explanations.length === 0) return page.line(`No point of ${pipeline} has failed.`);
  if (explanations.length === 1) return describeOne(pipeline, explanations[0]!, index, page);
  const groups = new Map<string, Explanation[]>();
  for (const one of explanations) {
    const signature = one.state === 'cached' ? 'cached' : outlineOf(one);
    groups.set(signature, [...(groups.get(signature) ?? []), one]);
  }
  [...groups.values()].forEach((group, place) => {
    if (place > 0) page.line();
    if (group[0]!.state === 'cached' && group.length > 1) describeCachedPoints(group, page);
    else {
      describeOne(pipeline, group[0]!, index, page);
      if (group.length > 1) page.line(`The same goes for ${listed(group.slice(1).map(({ point }) => point))}.`, 2);
    }
  });
  return page;
}

/** What is the same for points that will run for the same reasons: their own coordinates do not count, nor those of what they need. */
function outlineOf({ state, causes, lastTry }: Explanation): string {
  const lines = describeCauses(causes).map(({ depth, text }) => `${depth} ${text.replaceAll(/\[[^\]]*\]/g, '[]')}`);
  return [state, lastTry?.failure ?? '', lastTry?.isSame ?? '', ...lines].join('\n');
}

function describeCachedPoints(explanations: readonly Explanation[], page: Page): void {
  page.line(`${explanations.length} points are cached. Name one, as '${explanations[0]!.point}', for more of it.`);
  const rows = explanations.slice(0, shownCached).flatMap(({ point, record }) => (record ? [[point, formatDuration(record.durationMs), formatBytes(record.peakMemoryBytes), formatTime(record.startedAt).slice(0, 16), describeReasons(record)]] : []));
  page.block(alignCells([['point', 'took', 'memory', 'made', 'because'], ...rows], page.width - 2), 2);
  if (explanations.length > shownCached) page.line(`and ${explanations.length - shownCached} more; --json lists all`, 2);
}

function describeOne(pipeline: string, explanation: Explanation, index: RecordIndex, page: Page): Page {
  const { point, stage, state, record } = explanation;
  if (state === 'cached' && record) {
    page.line(`${point} (${stage}) is cached.`);
    describeRecord(pipeline, explanation, record, index, page);
  } else {
    const will = isImpossible(explanation.causes.map(({ reason }) => reason)) ? "can't run" : 'will run';
    page.line(`${point} (${stage}) ${will}${state === 'waits' ? ', unless what it needs comes out as before' : ''}:`, 0, 0);
    for (const { depth, text } of describeCauses(explanation.causes)) page.line(text, 2 + 2 * depth);
    describeComparison(explanation, page);
  }
  describeLastTry(explanation, page);
  return page;
}

function describeRecord(pipeline: string, { point, run }: Explanation, record: ActionRecord, index: RecordIndex, page: Page): void {
  const otherPoint = record.point === point ? '' : `, as ${record.point}`;
  page.facts([
    ['key', shortHash(record.key)], ['made', `${describeMaking(record)}${run ? '' : otherPoint}`],
    ...(run ? [['by run', `${run.id}${run.pipeline === pipeline ? '' : ` of the pipeline ${run.pipeline}`}${otherPoint}`] as const] : []),
    ['because', describeReasons(record)], ...describeInputs(record, index), ...describeOutputs(record), ...record.warnings.map((warning) => ['warned', warning] as const),
  ], 2);
}

function describeComparison({ comparedWith }: Explanation, page: Page): void {
  if (!comparedWith) return;
  const { record, how } = comparedWith;
  const what = how === 'latest' ? 'what it last stood for' : `${record.point}, the nearest that was ever done of this stage`;
  page.line(`Compared with ${what}: key ${shortHash(record.key)}, made ${formatTime(record.startedAt)}.`, 2);
}

function describeLastTry({ lastTry }: Explanation, page: Page): void {
  if (!lastTry) return;
  page.line(`Its last try${lastTry.isSame ? '' : ', with other inputs, parameters or code,'} ${failureWords(lastTry.failure as FailureKind)} (${lastTry.failure}), ${formatTime(lastTry.at)}:`, 2);
  const lines = lastTry.error.trim().split('\n');
  for (const line of lines.slice(0, shownErrorLines)) page.line(line, 4);
  if (lines.length > shownErrorLines) page.line(`... and ${lines.length - shownErrorLines} more lines`, 4);
  if (lastTry.workFolder !== null) page.line(`Its work is kept in ${lastTry.workFolder}`, 2);
}
