import { expect, test } from '@jest/globals';
import { generalizationGap } from '../../src/index.js';

const [unpermuted, permuted, restored, tested] = [{ set: 'unpermuted', examples: 300, accuracy: 0.9 }, { set: 'permuted', examples: 100, accuracy: 0.5 }, { set: 'restored', examples: 100, accuracy: 0.1 }, { set: 'test', examples: 50, accuracy: 0.6 }];

test('is training accuracy on assigned labels, by number of examples, less test accuracy', () => {
  expect(generalizationGap([unpermuted, permuted, restored, tested])).toBeCloseTo(0.8 - 0.6, 12);
  expect(generalizationGap([tested, unpermuted])).toBeCloseTo(0.3, 12);
});

test('is unknown without training or test examples', () => {
  expect(generalizationGap([unpermuted, permuted])).toBeUndefined();
  expect(generalizationGap([tested, restored])).toBeUndefined();
});
