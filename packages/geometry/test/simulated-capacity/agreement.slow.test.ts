import { expect, test } from '@jest/globals';
import { glueGeometry, manifoldGeometry, randomStream, simulatedCapacity, type Estimate, type LabeledPoints } from '../../src/index.js';
import { clouds } from '../clouds.js';
import { structured } from '../structured.js';

const capacities = (points: LabeledPoints) => ({
  simulation: simulatedCapacity(points, { repetitions: 20, random: randomStream(1) }).capacity,
  theory: manifoldGeometry(points, { random: randomStream(1) }).capacity,
  glue: glueGeometry(points, { samples: 60, origin: 'mean', random: randomStream(1) }).capacity,
});

/** Within 10 % or three standard errors; published simulations are within 7 % of theory. */
function expectAgreement(simulation: Estimate, other: Estimate): void {
  expect(Math.abs(simulation.value - other.value)).toBeLessThan(Math.max(0.1 * simulation.value, 3 * Math.hypot(simulation.standardError, other.standardError)));
}

test('of 24 clouds of 20 points around centers of their own, simulation, mean-field theory and GLUE agree', () => {
  const { simulation, theory, glue } = capacities(clouds({ manifolds: 24, points: 20, features: 256, seed: 4 }));
  expectAgreement(simulation, theory);
  expectAgreement(simulation, glue);
}, 300_000);

test.each([[1, 4], [3, 4], [3, 5]])('of 24 classes of 20 points in layer %d of an untrained network (seed %d), simulation and GLUE agree, and theory is not below them', (layers, seed) => {
  const { simulation, theory, glue } = capacities(structured({ classes: 24, points: 20, features: 256, layers, seed }));
  expectAgreement(simulation, glue);
  // Theory takes the directions in which classes vary for unrelated; here they are not, and it comes out between equal and a quarter too high.
  expect(theory.value).toBeGreaterThan(simulation.value - 3 * Math.hypot(simulation.standardError, theory.standardError));
  expect(theory.value).toBeLessThan(1.3 * simulation.value);
}, 300_000);
