import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  // Next itself comes from the repository's root.
  turbopack: { root: join(import.meta.dirname, '..', '..', '..') },
}
