import type { QuestionSet } from './questions.ts'

/**
 * Written, with their right pages, before anything was asked, and never tuned on: what became of them is told as it
 * was the first time.
 */
export const BLIND_QUESTIONS: QuestionSet = {
  answerable: [
    {
      question: 'How do I hide the header that says which framework powers my site?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/poweredByHeader.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/poweredByHeader.md',
      ],
    },
    {
      question: 'How do I animate the change from one page to another?',
      pages: ['01-app/02-guides/view-transitions.md'],
    },
    {
      question: 'How do I keep what someone typed when they navigate away and come back?',
      pages: ['01-app/02-guides/preserving-ui-state.md'],
    },
    {
      question: 'How do I keep the build cache between runs in GitHub Actions?',
      pages: ['01-app/02-guides/ci-build-caching.md', '02-pages/02-guides/ci-build-caching.md'],
    },
    {
      question: 'How do I find out what makes my JavaScript bundle so large?',
      pages: ['01-app/02-guides/package-bundling.md', '02-pages/02-guides/package-bundling.md'],
    },
    {
      question: 'How can an AI coding agent inspect my running dev server?',
      pages: ['01-app/02-guides/mcp.md', '01-app/02-guides/ai-agents.md'],
    },
    {
      question: 'How do I tell on the server whether a visitor uses a phone?',
      pages: [
        '01-app/03-api-reference/04-functions/userAgent.md',
        '02-pages/04-api-reference/03-functions/userAgent.md',
      ],
    },
    {
      question: 'How do I get a type error when a link points to a route that does not exist?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/typedRoutes.md',
        '01-app/03-api-reference/05-config/02-typescript.md',
      ],
    },
    {
      question: 'How do I put the build output into another folder?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/distDir.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/distDir.md',
      ],
    },
    {
      question: 'How do I serve my static assets from a CDN on another domain?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/assetPrefix.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/assetPrefix.md',
        '01-app/02-guides/cdn-caching.md',
      ],
    },
    {
      question: 'How do I fetch data in the browser with SWR?',
      pages: [
        '01-app/02-guides/client-side-data-fetching/swr.md',
        '01-app/02-guides/client-side-data-fetching/index.md',
        '01-app/01-getting-started/06-fetching-data.md',
        '02-pages/03-building-your-application/03-data-fetching/05-client-side.md',
      ],
    },
    {
      question: 'How do I send a permanent redirect with status 308?',
      pages: [
        '01-app/03-api-reference/04-functions/permanentRedirect.md',
        '01-app/02-guides/redirecting.md',
        '02-pages/02-guides/redirecting.md',
        '01-app/03-api-reference/05-config/01-next-config-js/redirects.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/redirects.md',
      ],
    },
    {
      question: 'How do I map an incoming path to another site without changing the address in the browser?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/rewrites.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/rewrites.md',
      ],
    },
    {
      question: 'How do I show a hint next to a link while its page is still loading?',
      pages: [
        '01-app/03-api-reference/04-functions/use-link-status.md',
        '01-app/01-getting-started/04-linking-and-navigating.md',
      ],
    },
    {
      question: 'What is the difference between a template and a layout?',
      pages: ['01-app/03-api-reference/03-file-conventions/template.md'],
    },
    {
      question: 'How do I keep the cache in Redis when I run several instances?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/incrementalCacheHandlerPath.md',
        '01-app/03-api-reference/05-config/01-next-config-js/cacheHandlers.md',
        '01-app/02-guides/self-hosting.md',
      ],
    },
    {
      question: 'How do I set the colour of the browser bar on phones?',
      pages: ['01-app/03-api-reference/04-functions/generate-viewport.md'],
    },
    {
      question: 'How do I turn on the React Compiler?',
      pages: ['01-app/03-api-reference/05-config/01-next-config-js/reactCompiler.md'],
    },
    {
      question: 'How do I switch gzip compression off?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/compress.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/compress.md',
      ],
    },
    {
      question: 'How do I show a page to somebody who is signed in but not allowed to see it?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/forbidden.md',
        '01-app/03-api-reference/04-functions/forbidden.md',
        '01-app/03-api-reference/05-config/01-next-config-js/authInterrupts.md',
      ],
    },
    {
      question: 'How do I use styled-components?',
      pages: [
        '01-app/02-guides/css-in-js.md',
        '02-pages/02-guides/css-in-js.md',
        '03-architecture/nextjs-compiler.md',
      ],
    },
    {
      question: 'How do I see every fetch request in the console during development?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/logging.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/logging.md',
      ],
    },
  ],
  unanswerable: [
    'How do I set up a consumer group in Kafka?',
    'How do I create a writable store in Svelte?',
    'What is the melting point of gold?',
    'How do I knit a scarf?',
    'Who discovered penicillin?',
    'How do I squash my last commits with an interactive rebase?',
    'How do I tune the garbage collector of the JVM?',
    'How do I write a REST controller in Spring Boot?',
    'How many calories are in a banana?',
    'How do I block a port with iptables?',
    'How do I merge cells in a spreadsheet?',
    'How do I tune a guitar?',
  ],
}
