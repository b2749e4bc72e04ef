'use client'

import { Braces, Download, FileText } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { download } from '../download'
import { Button } from '../ui/button'
import { Menu, MenuItem } from '../ui/menu'
import {
  conversationJson,
  conversationMarkdown,
  fileName,
  type ExportedConversation,
} from './export-conversation'

/** Takes the branch shown away as a file. */
export function ExportMenu({ title, messages }: ExportedConversation) {
  const strings = useStrings()
  return (
    <Menu
      trigger={
        <Button variant="ghost" icon aria-label={strings.exportAs} title={strings.exportAs}>
          <Download className="size-4.5" />
        </Button>
      }
    >
      <MenuItem
        icon={<FileText />}
        onSelect={() => {
          download(
            fileName(title, 'md'),
            'text/markdown',
            conversationMarkdown({ title, messages }, strings.sources),
          )
        }}
      >
        {strings.exportMarkdown}
      </MenuItem>
      <MenuItem
        icon={<Braces />}
        onSelect={() => {
          download(fileName(title, 'json'), 'application/json', conversationJson({ title, messages }))
        }}
      >
        {strings.exportJson}
      </MenuItem>
    </Menu>
  )
}
