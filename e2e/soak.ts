import { parseArgs } from 'node:util'
import { chooseSeed, createRandom } from './harness/random.ts'
import { runRolling } from './harness/rolling.ts'
import { runSoak } from './harness/soak-run.ts'

const USAGE = 'Usage: npm run soak -- [--minutes 5] [--seed NUMBER] [--cluster]'

/** What the cluster carries: as many as the promise names. */
const CLUSTER = { sessions: 100, readers: 3 }

/**
 * Random faults against one hub, or with `--cluster` against three on one Redis, for as long as asked; the exit code says
 * whether everything stayed exact.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, cluster: { type: 'boolean' } },
  })
  const minutes = Number(values.minutes ?? 5)
  const seed = Number(values.seed ?? chooseSeed())
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(USAGE)
    return 2
  }
  console.log(`soak: ${minutes} min, seed ${seed}`)
  const began = Date.now()
  if (values.cluster === true) return await soakCluster(seed, minutes * 60_000)
  try {
    const { rounds, events, faults } = await runSoak({
      random: createRandom(seed),
      endsAt: began + minutes * 60_000,
      print: (line) => console.log(line),
    })
    const harm = Object.entries(faults).map(([name, count]) => `${count} ${name}`)
    const took = ((Date.now() - began) / 60_000).toFixed(1)
    console.log(
      `soak: ${took} min, seed ${seed}, ${rounds} rounds, ${events} events through ${harm.join(', ')}: all exact`,
    )
    return 0
  } catch (error) {
    console.error(error)
    console.log(`soak: FAILED, seed ${seed}: npm run soak -- --seed ${seed}`)
    return 1
  }
}

async function soakCluster(seed: number, forMs: number): Promise<number> {
  const print = (line: string): void => console.log(line)
  try {
    const done = await runRolling({ ...CLUSTER, random: createRandom(seed), forMs, print })
    console.log(`soak: seed ${seed}, ${JSON.stringify(done)}: all exact`)
    return 0
  } catch (error) {
    console.error(error)
    console.log(`soak: FAILED, seed ${seed}: npm run soak -- --cluster --seed ${seed}`)
    return 1
  }
}

// Readers of a world that failed never give up: they would keep the process.
process.exit(await main())
