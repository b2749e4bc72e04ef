import type { QuestionSet } from './questions.ts'

/**
 * Held out: written before declining was tuned, and not tuned against, but for one rule that was added after one of its
 * outputs had been seen. Half of what it asks in vain speaks of the web, of files, of servers, in words that the
 * documentation is full of.
 */
export const HELD_OUT_QUESTIONS: QuestionSet = {
  answerable: [
    { question: 'How do I embed a video in a page?', pages: ['01-app/02-guides/videos.md'] },
    {
      question: 'How do I set up end-to-end tests with Playwright?',
      pages: ['01-app/02-guides/testing/playwright.md', '02-pages/02-guides/testing/playwright.md'],
    },
    {
      question: 'Which browsers are supported?',
      pages: ['03-architecture/supported-browsers.md'],
    },
    {
      question: 'How do I use Sass stylesheets?',
      pages: [
        '01-app/02-guides/sass.md',
        '02-pages/02-guides/sass.md',
        '01-app/03-api-reference/05-config/01-next-config-js/sassOptions.md',
      ],
    },
    {
      question: 'How do I serve my app under a sub-path of a domain?',
      pages: [
        '01-app/03-api-reference/05-config/01-next-config-js/basePath.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/basePath.md',
        '01-app/02-guides/multi-zones.md',
      ],
    },
    {
      question: 'How do I run code after the response was sent?',
      pages: ['01-app/03-api-reference/04-functions/after.md'],
    },
    {
      question: 'How can I group routes without changing the URL?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/route-groups.md',
        '01-app/01-getting-started/02-project-structure.md',
      ],
    },
    {
      question: 'How do I write pages in MDX?',
      pages: [
        '01-app/02-guides/mdx.md',
        '02-pages/02-guides/mdx.md',
        '01-app/03-api-reference/03-file-conventions/mdx-components.md',
      ],
    },
    {
      question: 'How do I add structured data for search engines with JSON-LD?',
      pages: ['01-app/02-guides/json-ld.md'],
    },
    {
      question: 'How do I send traces to OpenTelemetry?',
      pages: [
        '01-app/02-guides/open-telemetry.md',
        '02-pages/02-guides/open-telemetry.md',
        '01-app/02-guides/instrumentation.md',
        '01-app/03-api-reference/03-file-conventions/instrumentation.md',
      ],
    },
    {
      question: 'How do I mark which link of a menu is the current page?',
      pages: [
        '01-app/03-api-reference/04-functions/use-pathname.md',
        '01-app/03-api-reference/02-components/link.md',
        '01-app/03-api-reference/04-functions/use-selected-layout-segment.md',
      ],
    },
    {
      question: 'How do I generate an Open Graph image with code?',
      pages: [
        '01-app/03-api-reference/04-functions/image-response.md',
        '01-app/03-api-reference/03-file-conventions/01-metadata/opengraph-image.md',
        '01-app/01-getting-started/14-metadata-and-og-images.md',
        '01-app/03-api-reference/04-functions/generate-image-metadata.md',
      ],
    },
    {
      question: 'How can I reduce the memory that the build uses?',
      pages: ['01-app/02-guides/memory-usage.md'],
    },
    {
      question: 'What should I check before going to production?',
      pages: ['01-app/02-guides/production-checklist.md', '02-pages/02-guides/production-checklist.md'],
    },
    {
      question: 'How do I move a project from Vite to Next.js?',
      pages: ['01-app/02-guides/migrating/from-vite.md', '02-pages/02-guides/migrating/from-vite.md'],
    },
    {
      question: 'How do I measure web vitals?',
      pages: [
        '01-app/02-guides/analytics.md',
        '02-pages/02-guides/analytics.md',
        '01-app/03-api-reference/04-functions/use-report-web-vitals.md',
        '01-app/03-api-reference/05-config/01-next-config-js/webVitalsAttribution.md',
      ],
    },
    {
      question: 'How do I add a favicon?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/01-metadata/app-icons.md',
        '01-app/01-getting-started/14-metadata-and-og-images.md',
      ],
    },
    {
      question: 'How do I tell crawlers which pages not to index?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/01-metadata/robots.md',
        '01-app/03-api-reference/04-functions/generate-metadata.md',
      ],
    },
    {
      question: 'How do I debug server code with breakpoints in VS Code?',
      pages: ['01-app/02-guides/debugging.md', '02-pages/02-guides/debugging.md'],
    },
    {
      question: 'How do I keep secret data from reaching client components?',
      pages: [
        '01-app/02-guides/data-security.md',
        '01-app/03-api-reference/05-config/01-next-config-js/taint.md',
        '01-app/01-getting-started/05-server-and-client-components.md',
        '01-app/02-guides/authentication.md',
        '01-app/02-guides/server-and-client-boundary.md',
      ],
    },
    {
      question: 'How do I catch all segments of a path in one route?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/dynamic-routes.md',
        '02-pages/03-building-your-application/01-routing/02-dynamic-routes.md',
      ],
    },
    {
      question: 'What is fast refresh?',
      pages: ['03-architecture/fast-refresh.md'],
    },
  ],
  unanswerable: [
    'How do I change my profile picture on LinkedIn?',
    'How do I load balance requests with nginx upstream blocks?',
    'What is the boiling point of ethanol?',
    'How do I write a migration in Rails?',
    'How do I make a pivot table in Excel?',
    'Who painted the Mona Lisa?',
    'How do I cache queries in Redis with Lua scripts?',
    'How do I get a visa for Japan?',
    'How do I use signals in Angular?',
    'How do I render a scene with shadows in Blender?',
    'What is the population of Canada?',
    'How do I rotate log files with logrotate?',
    'How do I share a folder over Samba?',
    'How do I delete a branch in git?',
    'What are the rules of chess castling?',
    'How do I stream music from my phone to a speaker?',
    'How do I create a custom theme for WordPress?',
    'How do I handle form validation in Laravel?',
    'How do I build an Android app with Kotlin?',
    'When was the first page of the Gutenberg Bible printed?',
    'How long does it take to cook a steak on the grill?',
    'How do I fix a leaking tap?',
    'How do I write a stored procedure in Oracle?',
    'How do I configure routes in an Express router with TypeORM entities?',
  ],
}
