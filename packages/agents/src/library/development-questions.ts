import type { QuestionSet } from './questions.ts'

/** The development set: what the ranking was tuned against, kept apart from the graded one. */
export const DEVELOPMENT_QUESTIONS: QuestionSet = {
  answerable: [
    {
      question: 'How do I fetch data in a server component?',
      pages: [
        '01-app/01-getting-started/06-fetching-data.md',
        '01-app/03-api-reference/04-functions/fetch.md',
      ],
    },
    {
      question: 'How do I stop one error from crashing the whole app?',
      pages: [
        '01-app/01-getting-started/10-error-handling.md',
        '01-app/03-api-reference/03-file-conventions/error.md',
        '01-app/03-api-reference/04-functions/catchError.md',
        '02-pages/03-building-your-application/06-configuring/12-error-handling.md',
      ],
    },
    {
      question: 'How do I export my site as plain HTML files?',
      pages: ['01-app/02-guides/static-exports.md', '02-pages/02-guides/static-exports.md'],
    },
    {
      question: 'What is a layout?',
      pages: [
        '01-app/01-getting-started/03-layouts-and-pages.md',
        '01-app/03-api-reference/03-file-conventions/layout.md',
        '01-app/04-glossary.md',
      ],
    },
    {
      question: 'How can I lazy load a heavy component?',
      pages: ['01-app/02-guides/lazy-loading.md', '02-pages/02-guides/lazy-loading.md'],
    },
    {
      question: 'How do I go to another page from code, without a link?',
      pages: [
        '01-app/03-api-reference/04-functions/use-router.md',
        '01-app/01-getting-started/04-linking-and-navigating.md',
        '01-app/02-guides/redirecting.md',
        '02-pages/04-api-reference/03-functions/use-router.md',
        '02-pages/03-building-your-application/01-routing/03-linking-and-navigating.md',
      ],
    },
    {
      question: 'How do I add a third-party script such as an analytics tag?',
      pages: [
        '01-app/02-guides/scripts.md',
        '01-app/02-guides/third-party-libraries.md',
        '01-app/02-guides/analytics.md',
        '01-app/03-api-reference/02-components/script.md',
        '02-pages/02-guides/scripts.md',
        '02-pages/02-guides/third-party-libraries.md',
      ],
    },
    {
      question: 'How do I allow larger uploads in a server action?',
      pages: ['01-app/03-api-reference/05-config/01-next-config-js/serverActions.md'],
    },
    {
      question: 'How do I send CORS headers from my API?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/route.md',
        '01-app/02-guides/backend-for-frontend.md',
        '01-app/03-api-reference/05-config/01-next-config-js/headers.md',
        '01-app/03-api-reference/03-file-conventions/proxy.md',
        '02-pages/03-building-your-application/01-routing/07-api-routes.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/headers.md',
      ],
    },
    {
      question: 'How do I change the port of the dev server?',
      pages: ['01-app/03-api-reference/06-cli/next.md', '02-pages/04-api-reference/05-cli/next.md'],
    },
    {
      question: 'How do I show a modal that has its own URL?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/parallel-routes.md',
        '01-app/03-api-reference/03-file-conventions/intercepting-routes.md',
      ],
    },
    {
      question: 'How do I get the query string in a page?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/page.md',
        '01-app/03-api-reference/04-functions/use-search-params.md',
        '02-pages/04-api-reference/03-functions/use-search-params.md',
        '01-app/01-getting-started/03-layouts-and-pages.md',
      ],
    },
    {
      question: 'How do I run code before every request?',
      pages: [
        '01-app/01-getting-started/16-proxy.md',
        '01-app/03-api-reference/03-file-conventions/proxy.md',
        '01-app/03-api-reference/03-file-conventions/middleware.md',
        '02-pages/04-api-reference/02-file-conventions/proxy.md',
      ],
    },
    {
      question: 'How do I generate a sitemap?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/01-metadata/sitemap.md',
        '01-app/03-api-reference/04-functions/generate-sitemaps.md',
      ],
    },
    {
      question: 'How do I set a content security policy?',
      pages: ['01-app/02-guides/content-security-policy.md', '02-pages/02-guides/content-security-policy.md'],
    },
    {
      question: 'When should I use getServerSideProps?',
      pages: [
        '02-pages/03-building-your-application/03-data-fetching/03-get-server-side-props.md',
        '02-pages/04-api-reference/03-functions/get-server-side-props.md',
        '02-pages/03-building-your-application/02-rendering/01-server-side-rendering.md',
      ],
    },
    {
      question: 'How do I allow images from another domain?',
      pages: [
        '01-app/01-getting-started/12-images.md',
        '01-app/03-api-reference/02-components/image.md',
        '01-app/03-api-reference/05-config/01-next-config-js/images.md',
        '02-pages/04-api-reference/01-components/image.md',
        '02-pages/01-getting-started/04-images.md',
      ],
    },
    {
      question: 'How do I preview draft content from my CMS?',
      pages: [
        '01-app/02-guides/draft-mode.md',
        '01-app/03-api-reference/04-functions/draft-mode.md',
        '02-pages/02-guides/draft-mode.md',
        '02-pages/02-guides/preview-mode.md',
      ],
    },
    {
      question: 'What is partial prerendering?',
      pages: [
        '01-app/04-glossary.md',
        '01-app/02-guides/ppr-platform-guide.md',
        '01-app/01-getting-started/08-caching.md',
        '01-app/03-api-reference/05-config/01-next-config-js/cacheComponents.md',
        '01-app/02-guides/optimizing-the-static-shell.md',
      ],
    },
    {
      question: 'How do I make my app work offline and installable on a phone?',
      pages: [
        '01-app/02-guides/progressive-web-apps.md',
        '01-app/02-guides/offline-support.md',
        '01-app/03-api-reference/03-file-conventions/01-metadata/manifest.md',
      ],
    },
  ],
  unanswerable: [
    'How do I change a car tyre?',
    'When did the Roman empire fall?',
    'How do I sort a list in Python?',
    'Who wrote Hamlet?',
    'How do I set up sticky sessions in HAProxy?',
    'What is the best time to plant tomatoes?',
    'How do I create a virtual machine in VMware?',
    'How do I join two tables in SQL?',
    'How tall is Mount Everest?',
    'How do I deploy a Django app to Heroku?',
    'What is the plot of Dune?',
    'How do I watch a computed property in Vue?',
  ],
}
