import { describe, expect, it } from 'vitest'
import { readablePage } from './mdx.ts'

const FRONT = '---\ntitle: Caching\ndescription: How it is cached.\n---\n\n'

function textOf(body: string, router: 'app' | 'pages' = 'app'): string {
  return readablePage(FRONT + body, FRONT + body, router).text
}

describe('readablePage', () => {
  it('puts title and description on top', () => {
    expect(readablePage(FRONT, FRONT + 'Body', 'pages')).toEqual({
      title: 'Caching (Pages Router)',
      text: '# Caching (Pages Router)\n\nHow it is cached.\n\nBody\n',
    })
  })

  it('keeps one router’s parts', () => {
    const body =
      'Both\n\n<AppOnly>\n\nApp\n\n</AppOnly>\n\n<PagesOnly>\n\n```js\nPages\n```\n\n</PagesOnly >\n\nEnd'
    expect(textOf(body)).toContain('Both\n\nApp\n\nEnd')
    expect(textOf(body)).not.toContain('Pages\n')
    expect(textOf('Edit <AppOnly>`app`</AppOnly><PagesOnly>`pages`</PagesOnly> now')).toContain(
      'Edit `app` now',
    )
    expect(textOf(body, 'pages')).toContain('Both\n\n```js\nPages\n```\n\nEnd')
  })

  it('keeps the TypeScript twin and the npm command', () => {
    const twins =
      '```tsx filename="a.tsx" switcher highlight={1}\nts\n```\n\n```jsx filename="a.js" switcher\njs\n```'
    const managers = '```bash package="pnpm"\npnpm add\n```\n\n```bash package="npm"\nnpm install\n```'
    const text = textOf(`${twins}\n\n${managers}`)
    expect(text).toContain('```tsx filename="a.tsx"\nts\n```\n\n```bash\nnpm install\n```')
    expect(text).not.toMatch(/js\n```|pnpm/)
  })

  it('drops comments, pictures and cards, but not in code', () => {
    const body =
      '{/* note\nmore */}\n\n<Image\n  alt="x"\n  src="y"\n/>\n\n```tsx\n<Image src="kept" />\n```\n\n<details>\n<summary>More</summary>\n\nHidden\n\n</details>'
    const text = textOf(body)
    expect(text).toContain('```tsx\n<Image src="kept" />\n```\n\n**More**\n\nHidden')
    expect(text).not.toMatch(/note|alt=|details/)
  })

  it('leads links to the site and takes those within the page away', () => {
    expect(textOf('See [fetch](/docs/app/fetch#x), [below](#below) and [out](https://a.example).')).toContain(
      'See [fetch](https://nextjs.org/docs/app/fetch#x), below and [out](https://a.example).',
    )
  })
})
