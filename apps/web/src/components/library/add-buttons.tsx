'use client'

import { FolderPlus, Plus } from 'lucide-react'
import { useRef, type ChangeEvent } from 'react'
import { useLibraryStrings } from '@/text/library-strings'
import { Button } from '../ui/button'
import { pickedFiles } from './dropped-files'

const ACCEPT = '.md,.mdx,.markdown,.txt,.text,.html,.htm,.pdf,.docx'

export interface AddButtonsProps {
  readonly onFiles: (files: readonly File[]) => void
  /** There is no network. */
  readonly disabled: boolean
}

/** The file pickers, for files and for a folder. */
export function AddButtons({ onFiles, disabled }: AddButtonsProps) {
  const text = useLibraryStrings()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles(pickedFiles(event.target.files))
    event.target.value = ''
  }
  return (
    <>
      <Button
        disabled={disabled}
        onClick={() => {
          const picker = folder.current
          // A property of the element, which React does not know as an attribute.
          if (picker !== null) picker.webkitdirectory = true
          picker?.click()
        }}
        className="max-sm:hidden"
      >
        <FolderPlus className="size-4" /> {text.addFolder}
      </Button>
      <Button
        variant="primary"
        disabled={disabled}
        onClick={() => {
          files.current?.click()
        }}
      >
        <Plus className="size-4" /> {text.add}
      </Button>
      <input ref={files} type="file" multiple hidden accept={ACCEPT} aria-label={text.add} onChange={take} />
      <input ref={folder} type="file" hidden aria-label={text.addFolder} onChange={take} />
    </>
  )
}
