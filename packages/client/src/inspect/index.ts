export { exportCapture, importCapture } from './capture.ts'
export type { Capture } from './capture.ts'
export { sessionOf } from './entry.ts'
export type {
  ConnectionAspect,
  ConnectionCause,
  ConnectionEntry,
  EventEntry,
  InspectionEntry,
  StateEntry,
} from './entry.ts'
export { foldAt } from './fold-at.ts'
export type { Foldable } from './fold-at.ts'
export { createInspection } from './inspection.ts'
export type { Inspection, InspectionOptions } from './inspection.ts'
