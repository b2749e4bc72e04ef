/** Markdown's inline marks taken away: what a reader sees of a title or a sentence. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\[[^\]]*\]/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)(.*?\S)\1/g, '$2')
    .replace(/(?<![\w*])[*_](?=\S)([^*_]*\S)[*_](?!\w)/g, '$1')
    .replace(/(`+)(.+?)\1/g, '$2')
    .replace(/\\([\\`*_{}[\]<>()#+\-.!|~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
