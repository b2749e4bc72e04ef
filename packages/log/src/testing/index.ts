export * from './backplane-suite.ts'
export * from './driver-suite.ts'
export * from './records.ts'
export * from './scheduler.ts'
