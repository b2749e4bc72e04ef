import { parseArgs } from 'node:util'
import { chooseSeed, createRandom } from './harness/random.ts'
import { runSoak } from './harness/soak-run.ts'

const USAGE = 'Usage: npm run soak -- [--minutes 5] [--seed NUMBER]'

/** Random faults against one hub for as long as asked; the exit code says whether everything stayed exact. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
  const minutes = Number(values.minutes ?? 5)
  const seed = Number(values.seed ?? chooseSeed())
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(USAGE)
    return 2
  }
  console.log(`soak: ${minutes} min, seed ${seed}`)
  const began = Date.now()
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

process.exitCode = await main()
