import { composeReport } from '../../src/index.js';
import { references } from '../../src/page/references.js';
import { pageScript } from '../../src/page/script.js';
import { pageStyle } from '../../src/page/style.js';
import { hostileReport } from '../hostile-report.js';
import { readPage, type Tag } from './read-page.js';

const compose = (name: (place: string) => string) => {
  const { sources, options } = hostileReport(name);
  return composeReport(sources, options);
};
const calm = compose((place) => place);
const allowed = new Set([calm.page, ...calm.figures.values()].flatMap((markup) => readPage(markup).flatMap(pairs)));
const address = /^(#[A-Za-z0-9_-]+$|data:image\/png;base64,)/;
const plain = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * Composes the hostile report and lists what is there by a name's making: elements, attributes, scripts, styles, addresses that ordinary names do not bring;
 * ids and file names that are no plain words, that are there twice, or that lead nowhere.
 *
 * @param name  Gives the name that stands in a place.
 * @returns the page's tags, its figures, and the problems in words.
 */
export function findStrangers(name: (place: string) => string): { readonly tags: readonly Tag[]; readonly figures: ReadonlyMap<string, string>; readonly problems: readonly string[] } {
  const { page, figures } = compose(name);
  const tags = readPage(page);
  const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
  const files = [...figures.keys()].map((file) => file.toLowerCase());
  const known = new Set(ids);
  const problems = [
    ...[...tags, ...[...figures.values()].flatMap(readPage)].flatMap((tag) => problemsOf(tag, known)),
    ...[...ids, ...files].filter((word) => !plain.test(word)).map((word) => `the id ${word}`),
    ...(known.size === ids.length ? [] : ['an id twice']),
    ...(new Set(files).size === files.length ? [] : ['a figure twice']),
    ...(figures.size === calm.figures.size ? [] : [`${figures.size} figures instead of ${calm.figures.size}`]),
  ];
  return { tags, figures, problems };
}

function problemsOf(tag: Tag, ids: ReadonlySet<string>): string[] {
  const { name, attributes, text } = tag;
  const [href, style] = [attributes.get('href'), attributes.get('style')];
  const isData = attributes.get('type') === 'application/json';
  return [
    ...pairs(tag).filter((pair) => !allowed.has(pair)),
    ...(name === 'script' && !isData && text !== pageScript ? ['a script'] : []),
    ...(name === 'script' && isData && !Array.isArray(JSON.parse(text)) ? ['data that are none'] : []),
    ...(name === 'style' && text !== pageStyle ? ['a style'] : []),
    ...(style === undefined || /^background:#[0-9A-F]{6}$/i.test(style) ? [] : [`the style ${style}`]),
    ...(href === undefined || address.test(href) || references.some(({ link }) => link === href) ? [] : [`the address ${href}`]),
    ...(href?.startsWith('#') && !ids.has(href.slice(1)) ? [`the way to nowhere ${href}`] : []),
  ];
}

/** An element by itself and with each of its attributes. */
function pairs({ name, attributes }: Tag): string[] {
  return [name, ...[...attributes.keys()].map((attribute) => `${name} ${attribute}`)];
}

/** Composes names of pieces, another in each place. */
export function namesInPlaces(names: readonly string[]): (place: string) => string {
  const places = new Map<string, string>();
  return (place) => {
    const name = places.get(place) ?? names[places.size % names.length]!;
    places.set(place, name);
    return name;
  };
}
