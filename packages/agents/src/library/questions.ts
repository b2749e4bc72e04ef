/** One question of the evaluation and the pages, relative to the corpus' folder, that answer it. */
export interface AnswerableQuestion {
  readonly question: string
  readonly pages: readonly string[]
}

/** Questions the shipped documentation answers, in a newcomer's words. */
export interface QuestionSet {
  readonly answerable: readonly AnswerableQuestion[]
  readonly unanswerable: readonly string[]
}

/** The graded set: chosen before the ranking was tuned, never tuned against. */
export const GRADED_QUESTIONS: QuestionSet = {
  answerable: [
    {
      question: 'How do I stream a response from a route handler?',
      pages: [
        '01-app/02-guides/streaming.md',
        '01-app/03-api-reference/03-file-conventions/route.md',
        '01-app/01-getting-started/15-route-handlers.md',
        '01-app/02-guides/backend-for-frontend.md',
      ],
    },
    {
      question: 'What is the difference between server and client components?',
      pages: [
        '01-app/01-getting-started/05-server-and-client-components.md',
        '01-app/02-guides/server-and-client-boundary.md',
        '01-app/03-api-reference/01-directives/use-client.md',
        '01-app/04-glossary.md',
      ],
    },
    {
      question: 'How can I show a loading spinner while a page is loading?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/loading.md',
        '01-app/02-guides/streaming.md',
        '01-app/01-getting-started/06-fetching-data.md',
        '01-app/01-getting-started/04-linking-and-navigating.md',
      ],
    },
    {
      question: 'How do I set environment variables that the browser can read?',
      pages: ['01-app/02-guides/environment-variables.md', '02-pages/02-guides/environment-variables.md'],
    },
    {
      question: 'How do I redirect a user after they submit a form?',
      pages: [
        '01-app/02-guides/redirecting.md',
        '01-app/03-api-reference/04-functions/redirect.md',
        '01-app/02-guides/forms.md',
        '01-app/02-guides/server-actions.md',
        '01-app/01-getting-started/07-mutating-data.md',
        '02-pages/02-guides/redirecting.md',
        '02-pages/02-guides/forms.md',
      ],
    },
    {
      question: 'Where do I put images so they are served as static files?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/public-folder.md',
        '02-pages/04-api-reference/02-file-conventions/public-folder.md',
        '01-app/01-getting-started/12-images.md',
        '02-pages/01-getting-started/04-images.md',
        '01-app/01-getting-started/02-project-structure.md',
      ],
    },
    {
      question: 'How do I add a custom 404 page?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/not-found.md',
        '01-app/03-api-reference/04-functions/not-found.md',
        '01-app/01-getting-started/10-error-handling.md',
        '02-pages/03-building-your-application/01-routing/08-custom-error.md',
      ],
    },
    {
      question: 'How do I refresh cached data after a mutation?',
      pages: [
        '01-app/01-getting-started/09-revalidating.md',
        '01-app/01-getting-started/07-mutating-data.md',
        '01-app/02-guides/how-revalidation-works.md',
        '01-app/03-api-reference/04-functions/revalidateTag.md',
        '01-app/03-api-reference/04-functions/revalidatePath.md',
        '01-app/03-api-reference/04-functions/updateTag.md',
        '01-app/03-api-reference/04-functions/refresh.md',
        '01-app/02-guides/caching-without-cache-components.md',
        '01-app/02-guides/server-actions.md',
      ],
    },
    {
      question: 'How do I deploy my app with Docker?',
      pages: [
        '01-app/01-getting-started/17-deploying.md',
        '01-app/02-guides/self-hosting.md',
        '01-app/02-guides/deploying-to-platforms.md',
        '01-app/03-api-reference/05-config/01-next-config-js/output.md',
        '02-pages/01-getting-started/11-deploying.md',
        '02-pages/02-guides/self-hosting.md',
        '02-pages/04-api-reference/04-config/01-next-config-js/output.md',
      ],
    },
    {
      question: 'How do I read a cookie on the server?',
      pages: ['01-app/03-api-reference/04-functions/cookies.md'],
    },
    {
      question: 'What does "use cache" do?',
      pages: [
        '01-app/03-api-reference/01-directives/use-cache.md',
        '01-app/01-getting-started/08-caching.md',
        '01-app/04-glossary.md',
      ],
    },
    {
      question: 'How do I make a page for every blog post from its slug?',
      pages: [
        '01-app/03-api-reference/03-file-conventions/dynamic-routes.md',
        '01-app/03-api-reference/04-functions/generate-static-params.md',
        '01-app/01-getting-started/03-layouts-and-pages.md',
        '02-pages/03-building-your-application/01-routing/02-dynamic-routes.md',
        '02-pages/03-building-your-application/03-data-fetching/02-get-static-paths.md',
        '02-pages/04-api-reference/03-functions/get-static-paths.md',
      ],
    },
    {
      question: 'How do I set the page title and description for SEO?',
      pages: [
        '01-app/01-getting-started/14-metadata-and-og-images.md',
        '01-app/03-api-reference/04-functions/generate-metadata.md',
        '02-pages/04-api-reference/01-components/head.md',
      ],
    },
    {
      question: 'How do I use Tailwind CSS with Next.js?',
      pages: [
        '01-app/01-getting-started/11-css.md',
        '01-app/02-guides/tailwind-v3-css.md',
        '02-pages/01-getting-started/06-css.md',
        '02-pages/02-guides/tailwind-v3-css.md',
      ],
    },
    {
      question: 'How do I protect pages so that only logged-in users can see them?',
      pages: [
        '01-app/02-guides/authentication.md',
        '01-app/02-guides/authentication-with-cache-components.md',
        '01-app/02-guides/data-security.md',
        '02-pages/02-guides/authentication.md',
        '01-app/03-api-reference/03-file-conventions/unauthorized.md',
      ],
    },
    {
      question: 'How do I load a Google font without layout shift?',
      pages: [
        '01-app/01-getting-started/13-fonts.md',
        '01-app/03-api-reference/02-components/font.md',
        '02-pages/01-getting-started/05-fonts.md',
        '02-pages/04-api-reference/01-components/font.md',
      ],
    },
    {
      question: 'Can I run my own Express server in front of Next.js?',
      pages: ['01-app/02-guides/custom-server.md', '02-pages/02-guides/custom-server.md'],
    },
    {
      question: 'How do I write unit tests for my components?',
      pages: [
        '01-app/02-guides/testing/index.md',
        '01-app/02-guides/testing/vitest.md',
        '01-app/02-guides/testing/jest.md',
        '01-app/02-guides/testing/cypress.md',
        '02-pages/02-guides/testing/index.md',
        '02-pages/02-guides/testing/vitest.md',
        '02-pages/02-guides/testing/jest.md',
        '02-pages/02-guides/testing/cypress.md',
      ],
    },
    {
      question: 'How do I upgrade my project from version 15 to 16?',
      pages: [
        '01-app/02-guides/upgrading/version-16.md',
        '02-pages/02-guides/upgrading/version-16.md',
        '01-app/02-guides/upgrading/codemods.md',
        '01-app/01-getting-started/18-upgrading.md',
        '01-app/02-guides/upgrading/agent-upgrade.md',
      ],
    },
    {
      question: 'How do I translate my site into several languages?',
      pages: ['01-app/02-guides/internationalization.md', '02-pages/02-guides/internationalization.md'],
    },
  ],
  unanswerable: [
    'What is the capital of France?',
    'How do I bake sourdough?',
    'Who won the 1998 world cup?',
    'How do I configure Kubernetes autoscaling?',
    'How do I write a generic trait bound in Rust?',
    'What is the airspeed velocity of an unladen swallow?',
    'How do I train a neural network with PyTorch?',
    'How do I remove a red wine stain from a carpet?',
    'What are the side effects of ibuprofen?',
    'How do I set up replication in PostgreSQL?',
  ],
}
