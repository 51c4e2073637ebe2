import { describe, expect, test } from '@jest/globals';
import { stepsOf } from '../../run-document/steps.js';

describe('stepsOf', () => {
  test('takes commands and named files in their order, and leaves other blocks', () => {
    const markdown = ['# Title', '```sh', 'ls', 'pwd', '```', 'Save:', '```yaml pipelines/mine.yaml', 'name: mine', '```', '```python', 'x = 1', '```', '```', 'output', '```'].join('\n');
    expect(stepsOf(markdown)).toEqual([
      { kind: 'commands', text: 'ls\npwd\n', line: 2 },
      { kind: 'file', path: 'pipelines/mine.yaml', text: 'name: mine\n', line: 7 },
    ]);
  });

  test('an unfinished block is an error that names its line', () => {
    expect(() => stepsOf('text\n```sh\nls')).toThrow('The block that begins at line 2 must end');
  });
});
