import { describe, expect, test } from '@jest/globals';
import { describeEnding, type Ending } from '../src/running/describe-ending.js';
import { stageEnvironment } from '../src/running/stage-environment.js';

const ending: Ending = { result: undefined, exitCode: undefined, signal: undefined, cause: undefined, lastLines: [], timedOut: false, timeoutMs: undefined, ranOutOfMemory: false, logPath: 'run.log' };

describe('describeEnding() tells failures apart', () => {
  test.each<[string, Partial<Ending>, string, RegExp]>([
    ['a timeout', { timedOut: true, timeoutMs: 2500, signal: 'SIGTERM' }, 'timeout', /longer than its timeout of 2\.5 s\.\nLog: run\.log/],
    ['a stage that says what is wrong', { result: { status: 'failed', error: { name: 'StageError', message: 'No class "x".' } }, exitCode: 1 }, 'error', /^No class "x"\.$/],
    ['a stage whose disk is full', { result: { status: 'failed', error: { name: 'Error', message: 'ENOSPC: no space left on device, write' } }, exitCode: 1 }, 'no-space', /ENOSPC/],
    ['a buffer that can not be had', { result: { status: 'failed', error: { name: 'RangeError', message: 'Array buffer allocation failed' } }, exitCode: 1 }, 'out-of-memory', /Array buffer/],
    ['the heap of V8', { exitCode: 134, signal: 'SIGABRT', lastLines: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'] }, 'out-of-memory', /It ran out of memory\.\nIts last lines/],
    ['the system that ends a process for want of memory', { signal: 'SIGKILL', ranOutOfMemory: true }, 'out-of-memory', /the system ended it/],
    ['a SIGKILL of unknown hand', { signal: 'SIGKILL' }, 'signal', /killed by SIGKILL\./],
    ['another signal', { signal: 'SIGSEGV' }, 'signal', /ended by SIGSEGV/],
    ['an exit code', { exitCode: 3, lastLines: ['one', 'two'] }, 'exit', /exit code 3 and left no result\.\nIts last lines:\n {2}one\n {2}two\nLog: run\.log/],
    ['success without a result', { exitCode: 0 }, 'exit', /exit code 0 but left no result/],
    ['a process that does not start', { cause: 'spawn nothing ENOENT' }, 'start', /could not be started: spawn nothing ENOENT/],
  ])('%s', (_, partial, kind, message) => {
    expect(describeEnding({ ...ending, ...partial })).toEqual({ kind, message: expect.stringMatching(message) });
  });
});

describe('stageEnvironment()', () => {
  const from = { PATH: '/bin', HOME: '/home/x', LC_ALL: 'C', OMP_NUM_THREADS: '1', AWS_SECRET_ACCESS_KEY: 's', NODE_OPTIONS: '--require x', GITHUB_TOKEN: 't', LD_PRELOAD: 'x.so', CUDA_VISIBLE_DEVICES: '4,6,7' };

  test('passes on what programs need to be found and to speak, and nothing secret', () => {
    expect(stageEnvironment({ granted: [], count: 1 }, from)).toEqual({ PATH: '/bin', HOME: '/home/x', LC_ALL: 'C', OMP_NUM_THREADS: '1', CUDA_VISIBLE_DEVICES: '4,6,7', MEMGEO_RUNNER_PIPE: '1' });
  });

  test('shows a stage the accelerators it was granted, and no others', () => {
    expect(stageEnvironment({ granted: [2, 0], count: 3 }, from)).toMatchObject({ CUDA_VISIBLE_DEVICES: '7,4' });
    expect(stageEnvironment({ granted: [1], count: 2 }, { PATH: '/bin' })).toMatchObject({ CUDA_VISIBLE_DEVICES: '1' });
  });
});
