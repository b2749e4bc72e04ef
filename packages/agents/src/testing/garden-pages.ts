/** A small library about one thing, with pages that say more than one of them is asked for. */
export const GARDEN_PAGES = {
  'compost.md': `# Compost

Compost is organic matter that has decomposed into a dark, crumbly soil conditioner. It feeds the soil and keeps water in it.

## Turning the heap

Turn the compost heap every two weeks so that air reaches its middle. A heap that is never turned decomposes slowly and smells.

## What to add

1. Add kitchen scraps such as peel and coffee grounds to the compost heap.
2. Add dry leaves so that the compost heap does not become wet.
3. Never add cooked meat to the compost heap, because it attracts rats.
`,
  'worms.md': `# Worm bins

A worm bin turns kitchen scraps into compost with the help of red worms. It works indoors and needs little room.

## Feeding the worms

Feed the worms once a week, and never more than they eat. Compost from a worm bin is rich in nitrogen.
`,
  'tomatoes.md': `# Tomatoes

Tomatoes are planted outdoors after the last frost. They need full sun and a stake to climb.

## Watering tomatoes

Water tomatoes deeply in the morning, at the root and not on the leaves. Leaves that stay wet overnight catch blight.
`,
  'roses.md': `# Roses

Roses are pruned in late winter, before new shoots appear. Cut above a bud that faces outwards.
`,
} as const

export const GARDEN_QUESTION = 'How do I turn a compost heap?'
