'use client'

import { Upload } from 'lucide-react'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { droppedFiles } from './dropped-files'

export interface DropZoneProps {
  /** Absent where nothing can be taken now. */
  readonly onFiles: ((files: readonly File[]) => void) | undefined
  /** What letting go will do. */
  readonly label: string
  readonly children: ReactNode
}

/** A screen onto which files and folders can be dropped. */
export function DropZone({ onFiles, label, children }: DropZoneProps) {
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const isFiles = ({ dataTransfer }: DragEvent) =>
    onFiles !== undefined && dataTransfer.types.includes('Files')
  const leave = () => {
    depth.current = Math.max(0, depth.current - 1)
    if (depth.current === 0) setOver(false)
  }
  return (
    <div
      className="relative flex min-h-0 min-w-0 flex-1 flex-col"
      onDragEnter={(event) => {
        if (!isFiles(event)) return
        depth.current++
        setOver(true)
      }}
      onDragLeave={leave}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault()
      }}
      onDrop={(event) => {
        // A file that is dropped where none is taken must not replace the page.
        event.preventDefault()
        if (onFiles === undefined || !isFiles(event)) return
        depth.current = 0
        setOver(false)
        // A folder that cannot be read has nothing to add.
        droppedFiles(event.dataTransfer.items).then(onFiles, () => undefined)
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-3 z-30 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-accent-soft/90">
          <p className="flex items-center gap-2 font-medium text-accent">
            <Upload aria-hidden className="size-5" /> {label}
          </p>
        </div>
      )}
    </div>
  )
}
