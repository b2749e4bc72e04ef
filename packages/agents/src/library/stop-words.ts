/** Words that say how something is asked rather than what about. */
const STOP_WORDS = `
  a about above after again all also always am an and another any anyone anything are aren as at away
  be became because been before being below best better between both but by
  can cannot could couldn d did didn do does doesn doing don done down during
  each either else enough ever every everyone everything exactly
  few find for from further
  get gets getting give given go goes going good got
  had has hasn have haven having he help her here hers him his how however
  i if in instead into is isn it its itself just
  kind know let lets like ll look lot
  m made make makes making many may maybe me mean means might mine more most much must my myself
  need needed needs never no nor not nothing now
  of off often ok on once one ones only or other others our ours out over own
  people perhaps please possible put
  quite rather re really right
  s same say see seem several shall she should shouldn show shown since so some somehow someone something soon still
  such sure
  t take tell than thank thanks that the their theirs them then there these they thing things this those though
  through thus to together too toward try trying
  under until up upon us use used uses using usually
  various ve very
  want wanted wants was wasn way ways we well were weren what whatever when where whether which while who whole whom
  whose why will with within without won would wouldn
  yes yet you your yours yourself
`

const words: ReadonlySet<string> = new Set(STOP_WORDS.trim().split(/\s+/))

/** Whether a lower-case word says nothing about what a text is about. */
export function isStopWord(word: string): boolean {
  return words.has(word)
}
