/** The files under docs/cluster: they parse, agree with themselves and with the program, and run. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadStudy, planStudy } from '../../dist/scenarios/experiment/index.js';
import { BINARY, remove, scratchFolder, stampede } from '../support/cli-process.js';
import { dataOf, MARKET_STUDY, pause, sweepHere, writeStudies } from '../support/cluster.js';
import { writeStudy } from '../support/tiny-study.js';

const docs = fileURLToPath(new URL('../../docs/cluster/', import.meta.url));
const read = (name: string): string => readFileSync(join(docs, name), 'utf8');
const sbatch = join(docs, 'slurm.sbatch');

let folder: string;
beforeAll(async () => {
  folder = scratchFolder();
  writeStudies(folder);
  await sweepHere(folder, 'flat.yaml', 'flat');
});
afterAll(() => remove(folder));

/** Runs the script as Slurm would run a task of an array. */
function task(words: readonly string[], [id, count]: readonly [number, number]) {
  const SLURM = { SLURM_ARRAY_TASK_ID: `${id}`, SLURM_ARRAY_TASK_COUNT: `${count}`, SLURM_ARRAY_JOB_ID: '7' };
  const env = { ...process.env, ...SLURM, STAMPEDE: BINARY };
  const child = spawn('bash', [sbatch, ...words], { cwd: folder, env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  const exited = new Promise<{ code: number | null; text: string }>((done) => {
    child.on('close', (code) => done({ code, text }));
  });
  return { child, exited };
}

describe('the Slurm script', () => {
  it('is a shell script that makes parts, which merge into the whole', async () => {
    expect(spawnSync('bash', ['-n', sbatch]).status).toBe(0);
    const tasks = [0, 1].map((id) => task(['flat.yaml', 'parts'], [id, 2]).exited);
    expect((await Promise.all(tasks)).map(({ code }) => code)).toEqual([0, 0]);
    expect((await stampede(['merge', 'parts'], folder)).code).toBe(0);
    expect(dataOf(folder, 'parts')).toBe(dataOf(folder, 'flat'));
  });

  it('ends in order when its time is over', async () => {
    writeStudy(folder, MARKET_STUDY.replace('replicates: 4', 'replicates: 400'), 'long.yaml');
    const { child, exited } = task(['long.yaml', 'late'], [0, 1]);
    while (!existsSync(join(folder, 'late', 'results'))) await pause(20);
    child.kill('SIGTERM');
    const { code, text } = await exited;
    expect([code, text]).toEqual([130, expect.stringContaining('to go on: stampede sweep long.yaml')]);
  });
});

describe('the manifests', () => {
  it('of Kubernetes have as many parts as pods, and a study that can be planned', async () => {
    const all = parseAllDocuments(read('kubernetes-job.yaml')).map((one) => one.toJS());
    expect(all.map(({ kind }) => kind)).toEqual(['ConfigMap', 'PersistentVolumeClaim', 'Job']);
    const [config, , job] = all;
    expect(planStudy(await loadStudy(writeStudy(folder, config.data['study.yaml'], 'k8s.yaml'))).size).toBeGreaterThan(0);
    const { spec } = job;
    const [container] = spec.template.spec.containers;
    expect(spec.completionMode).toBe('Indexed');
    expect(container.env).toEqual([{ name: 'STAMPEDE_SHARDS', value: String(spec.completions) }]);
    expect(container.name).toBe(spec.podFailurePolicy.rules[1].onExitCodes.containerName);
    expect(spawnSync('sh', ['-n', '-c', container.args[0]]).status).toBe(0);
    const mounts = container.volumeMounts.map((one: { name: string }) => one.name);
    expect(spec.template.spec.volumes.map((one: { name: string }) => one.name)).toEqual(mounts);
  });

  it('of compose start commands that exist', async () => {
    const { services, volumes } = parse(read('compose.yaml'), { merge: true });
    expect(Object.keys(services)).toEqual(['redis', 'coordinator', 'worker']);
    expect(Object.keys(volumes)).toEqual(['redis']);
    for (const { command } of [services.coordinator, services.worker]) {
      const [program, name, ...words] = command;
      expect(program).toBe('stampede');
      const { stdout } = await stampede([name, '--help'], folder);
      for (const word of words.filter((one: string) => one.startsWith('--'))) expect(stdout).toContain(word);
    }
  });
});
