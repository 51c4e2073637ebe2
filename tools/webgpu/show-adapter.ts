import { describeBackends } from '@memgeo/network';

/** Says which adapter the webgpu backend gets. Exit code 1 if none answers. */
const { isAvailable, detail, remedy } = (await describeBackends()).find(({ name }) => name === 'webgpu')!;
console.log([detail, remedy].filter(Boolean).join('\n'));
process.exitCode = isAvailable ? 0 : 1;
