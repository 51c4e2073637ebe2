import { expect, test } from '@jest/globals';
import { describeAdapter, explain, probeAdapter } from '../../src/backends/webgpu/probe-adapter.js';

const noDriver = { code: 0, signal: null, stderr: '' };

test('a GPU is recommended by its name, a software driver is not', () => {
  const gpu = { vendor: 'nvidia', architecture: 'ampere', device: '0x20b0', description: 'NVIDIA A100-SXM4-40GB', isFallbackAdapter: false };
  expect(describeAdapter(gpu)).toEqual({ isAvailable: true, isRecommended: true, detail: 'NVIDIA A100-SXM4-40GB (nvidia ampere)' });
  const software = { vendor: 'google', architecture: 'swiftshader', device: '', description: 'SwiftShader driver 5.0.0', isFallbackAdapter: true };
  expect(describeAdapter(software)).toMatchObject({ isAvailable: true, isRecommended: false, detail: expect.stringMatching(/^SwiftShader driver 5.0.0 .*software.*checks only/) });
  expect(describeAdapter({ vendor: 'intel', architecture: '', device: '', description: '', isFallbackAdapter: false }).detail).toBe('intel');
});

test('each way in which no adapter answers is told apart, with the command that helps where there is one', () => {
  const loader = explain({ ...noDriver, stderr: 'Warning: Couldn\'t load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory' });
  expect(loader).toMatchObject({ isAvailable: false, detail: expect.stringContaining('libvulkan.so.1'), remedy: 'apt-get install libvulkan1' });
  expect(explain({ ...noDriver, stderr: 'Warning: vkCreateInstance: Found no drivers!' })).toMatchObject({ isAvailable: false, detail: expect.stringContaining('VK_DRIVER_FILES') });
  expect(explain({ code: null, signal: 'SIGSEGV', stderr: '' }).detail).toBe('the graphics driver ends the process (SIGSEGV)');
  expect(explain({ code: null, signal: 'SIGKILL', stderr: '' }).detail).toMatch(/does not answer within \d+ s/);
  expect(explain({ code: 1, signal: null, stderr: 'node:internal\n\nError: libm.so.6: version `GLIBC_2.35\' not found\n    at x' }).detail).toBe('Dawn does not start: Error: libm.so.6: version `GLIBC_2.35\' not found');
});

test('a probe says what is wrong instead of failing, whatever this machine has', async () => {
  const probe = await probeAdapter();
  expect(probe.detail).not.toBe('');
  expect(probe.isAvailable || probe.isRecommended === undefined).toBe(true);
});
