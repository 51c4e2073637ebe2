import { splitByGroup } from '../../glyphs/split.js';
import { superFamilies } from '../../glyphs/super-family.js';

test('splitByGroup() keeps each group in one split and depends on names alone', () => {
  const groups = Array.from({ length: 200 }, (_, i) => `family ${i % 70}`);
  const isTest = splitByGroup(groups, { testFaces: 50 });
  const byGroup = new Map(groups.map((group, i) => [group, isTest[i]]));
  expect(groups.map((group) => byGroup.get(group))).toEqual(isTest);
  const testCount = isTest.filter(Boolean).length;
  expect(testCount).toBeGreaterThanOrEqual(50);
  expect(testCount).toBeLessThanOrEqual(54);
  expect(splitByGroup([...groups].reverse(), { testFaces: 50 }).reverse()).toEqual(isTest);
});

test('superFamilies() puts together one first word, one package and one ancestry, and nothing else', () => {
  const names = superFamilies([
    { package: 'fonts-averia-gwf', family: 'Averia GWF' },
    { package: 'fonts-averia-sans-gwf', family: 'Averia Sans GWF' },
    { package: 'fonts-lato', family: 'Lato' },
    { package: 'fonts-crosextra-carlito', family: 'Carlito' },
    { package: 'fonts-georgewilliams', family: 'Caslon' },
    { package: 'fonts-georgewilliams', family: 'Caliban' },
  ]);
  expect(names[0]).toBe(names[1]);
  expect(names[2]).toBe(names[3]);
  expect(new Set(names).size).toBe(4);
});
